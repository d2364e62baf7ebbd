package dev.patron.sandbox.installation;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an app may be allowed to do with a store's data, by the platform's names. */
public enum StoreScope {
    /** Orders, changing. */
    STORE_V2_ORDERS("See and change orders"),
    /** Orders, reading. */
    STORE_V2_ORDERS_READ_ONLY("See orders: who bought what, and for how much"),
    /** Products, changing. */
    STORE_V2_PRODUCTS("See and change products and prices"),
    /** Products, reading. */
    STORE_V2_PRODUCTS_READ_ONLY("See products and prices"),
    /** Customers, changing. */
    STORE_V2_CUSTOMERS("See and change customers: names, e-mail addresses, passwords"),
    /** Customers, reading. */
    STORE_V2_CUSTOMERS_READ_ONLY("See customers: names and e-mail addresses"),
    /** Signing customers in. */
    STORE_V2_CUSTOMERS_LOGIN("Sign in to the store as any customer"),
    /** Content, changing. */
    STORE_V2_CONTENT("Put scripts into the store's pages, and change them"),
    /** Content, reading. */
    STORE_V2_CONTENT_READ_ONLY("See the scripts in the store's pages"),
    /** Scripts of the checkout. */
    STORE_CONTENT_CHECKOUT("Put scripts into the checkout"),
    /** Store information, changing. */
    STORE_V2_INFORMATION("See and change what the store says of itself"),
    /** Store information, reading. */
    STORE_V2_INFORMATION_READ_ONLY("See what the store says of itself, and its time"),
    /** What is always allowed. */
    STORE_V2_DEFAULT("See the store's time"),
    /** The user. */
    USERS_BASIC_INFORMATION("See your member number and e-mail address");

    private final String id = name().toLowerCase(Locale.ROOT);
    private final String words;

    StoreScope(String words) {
        this.words = words;
    }

    /** Its name, such as {@code store_v2_orders}. */
    public String id() {
        return id;
    }

    /** What it allows, in plain words. */
    public String words() {
        return words;
    }

    /** Whether an app with this scope can do harm that is hard to undo. */
    public boolean grave() {
        return switch (this) {
            case STORE_V2_CUSTOMERS, STORE_V2_CUSTOMERS_LOGIN, STORE_CONTENT_CHECKOUT, STORE_V2_CONTENT -> true;
            default -> false;
        };
    }

    /** Scopes as they are written: with spaces between them, or {@code +}. Empty when one is not known. */
    static Optional<Set<StoreScope>> parse(String text) {
        Set<StoreScope> scopes = EnumSet.noneOf(StoreScope.class);
        for (String word : text.strip().split("[ +]+", -1)) {
            Optional<StoreScope> scope =
                    Arrays.stream(values()).filter(each -> each.id.equals(word)).findFirst();
            if (scope.isEmpty() && !word.isEmpty()) {
                return Optional.empty();
            }
            scope.ifPresent(scopes::add);
        }
        return Optional.of(scopes);
    }

    /** Scopes as they are written. */
    static String text(Collection<StoreScope> scopes) {
        return scopes.stream().sorted().map(StoreScope::id).collect(Collectors.joining(" "));
    }

    /** Scopes that storage keeps: those that are not known any more are none. */
    static Set<StoreScope> kept(String text) {
        Set<StoreScope> scopes = EnumSet.noneOf(StoreScope.class);
        for (String word : text.split(" ", -1)) {
            Arrays.stream(values()).filter(each -> each.id.equals(word)).forEach(scopes::add);
        }
        return scopes;
    }
}
