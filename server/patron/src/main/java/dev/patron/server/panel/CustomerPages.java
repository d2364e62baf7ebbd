package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.account.AccountPages;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.http.Routes;
import dev.patron.server.panel.CustomerViews.CustomerForm;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.Sessions;
import dev.patron.server.session.StoreSession;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.store.Store;
import dev.patron.server.store.Storefronts;
import dev.patron.server.text.VisibleText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The customers of a store: find, make, change, disable, erase them, and give them links to choose a password by. */
final class CustomerPages {

    private static final int SHOWN = 50;
    private static final String LIST = PanelTab.CUSTOMERS.route();
    private static final String NEW = StoreRoom.PATH + "/*/new-customer";
    private static final String ONE = LIST + "/*";

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Customers customers;
    private final PasswordLinks links;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Storefronts storefronts;

    CustomerPages(
            ConsolePages pages,
            PanelStores panel,
            Customers customers,
            PasswordLinks links,
            Passwords passwords,
            Sessions sessions,
            Storefronts storefronts) {
        this.pages = pages;
        this.panel = panel;
        this.customers = customers;
        this.links = links;
        this.passwords = passwords;
        this.sessions = sessions;
        this.storefronts = storefronts;
    }

    void addTo(Routes routes) {
        routes.on("GET", LIST, pages.member(this::list))
                .on("GET", NEW, pages.member(this::showCreation))
                .on("POST", NEW, pages.member(this::create))
                .on("GET", ONE, pages.member(this::show))
                .on("POST", ONE, pages.member(this::save))
                .on("POST", ONE + "/disable", pages.member(this::disable))
                .on("POST", ONE + "/password-link", pages.member(this::link))
                .on("POST", ONE + "/end-sessions", pages.member(this::endSessions))
                .on("POST", ONE + "/erase", pages.member(this::erase));
    }

    /** The path of a customer's page. */
    static String path(Store store, long id) {
        return PanelTab.CUSTOMERS.path(store) + "/" + id;
    }

    private void list(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        String text = request.parameter("q").strip();
        String after = request.parameter("after");
        long afterId = after.matches("[0-9]{1,18}") ? Long.parseLong(after) : 0;
        List<Customer> found = customers.search(store.hash(), text, afterId, SHOWN + 1);
        boolean more = found.size() > SHOWN;
        List<Customer> shown = more ? found.subList(0, SHOWN) : found;
        String notice = request.parameter("notice").equals("erased")
                ? "The customer is erased. Their number is not used again."
                : null;
        pages.send(
                request,
                200,
                "Customers of " + VisibleText.isolated(store.name()),
                "panel/customers.jte",
                new CustomerViews.Listing(
                        StoreRoom.of(request, store, notice),
                        text,
                        shown,
                        afterId == 0,
                        more ? Optional.of(shown.getLast().id()) : Optional.empty(),
                        mayManage(request, store)));
    }

    private void showCreation(ConsoleRequest request) {
        sendCreation(request, 200, panel.require(request, Action.MANAGE_CUSTOMERS), CustomerForm.EMPTY);
    }

    private void create(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        NewCustomer details = details(request, request.field("email"));
        Map<String, String> faults = faults(request, details);
        if (faults.isEmpty()) {
            try {
                // Nobody knows the first password: the customer chooses one by the link.
                Customer made = customers.create(
                        store.hash(),
                        details,
                        passwords.hash(BearerSecret.create().reveal()));
                sendLink(request, store, made, "The customer is there");
                return;
            } catch (EmailTakenException taken) {
                faults.put("email", "The store has a customer with this e-mail address already.");
            }
        }
        sendCreation(request, 422, store, typed(request, details, faults));
    }

    private void sendCreation(ConsoleRequest request, int status, Store store, CustomerForm form) {
        pages.send(
                request,
                status,
                "New customer",
                "panel/new-customer.jte",
                new CustomerViews.Creation(StoreRoom.of(request, store, null), form));
    }

    private void show(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        Customer customer = customer(request, store);
        String notice = switch (request.parameter("notice")) {
            case "saved" -> "The customer is saved. Tokens have the group from the next one on.";
            case "disabled" -> "The customer is disabled, and signed out everywhere.";
            case "enabled" -> "The customer can sign in again.";
            case "ended" -> "The customer is signed out everywhere.";
            default -> null;
        };
        send(request, 200, store, customer, CustomerForm.of(customer), notice);
    }

    private void save(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        Customer customer = customer(request, store);
        NewCustomer details = details(request, customer.email());
        Map<String, String> faults = faults(request, details);
        if (!faults.isEmpty()) {
            send(request, 422, store, customer, typed(request, details, faults), null);
            return;
        }
        try {
            found(customers
                    .update(store.hash(), customer.id(), request.revision(), _ -> details)
                    .isPresent());
            request.exchange().redirect(path(store, customer.id()) + "?notice=saved");
        } catch (RevisionConflictException changed) {
            CustomerForm form = typed(request, details, Map.of("", PanelPages.CONFLICT));
            send(request, 409, store, customer(request, store), form, null);
        }
    }

    private void disable(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        Customer customer = customer(request, store);
        boolean disabled = request.field("disabled").equals("true");
        found(customers
                .setDisabled(store.hash(), customer.id(), OptionalLong.empty(), disabled)
                .isPresent());
        request.exchange().redirect(path(store, customer.id()) + "?notice=" + (disabled ? "disabled" : "enabled"));
    }

    private void link(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        sendLink(request, store, customer(request, store), "A link to choose a new password");
    }

    private void endSessions(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        Customer customer = customer(request, store);
        customers.signOutEverywhere(customer);
        request.exchange().redirect(path(store, customer.id()) + "?notice=ended");
    }

    private void erase(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        Customer customer = customer(request, store);
        String typed = request.field("confirmation").strip();
        if (!Confirmation.isGiven(request) || !typed.equals(Long.toString(customer.id()))) {
            pages.ask(request, erasure(request, store, customer, typed));
            return;
        }
        found(customers.erase(store.hash(), customer.id()));
        request.exchange().redirect(PanelTab.CUSTOMERS.path(store) + "?notice=erased");
    }

    private static Confirmation erasure(ConsoleRequest request, Store store, Customer customer, String typed) {
        String name = customer.firstName() + " " + customer.lastName();
        return Confirmation.irreversible(
                        "Erase " + VisibleText.isolated(name) + "?", "Erase this customer", path(store, customer.id()))
                .about("Customer", name)
                .about("Customer number", Long.toString(customer.id()))
                .about("Store", store.name())
                .follows(
                        "The account, its password and its sessions are gone for good, and the number is not used again.")
                .follows("The ledger of disclosures no longer says that it was them.")
                .follows("What apps have received already is with them: ask them to erase it, too.")
                .proof(new Confirmation.Proof(
                        "confirmation",
                        "The customer’s number, to confirm",
                        false,
                        typed,
                        Confirmation.isGiven(request) ? "This is not the customer's number." : null));
    }

    private void send(
            ConsoleRequest request,
            int status,
            Store store,
            Customer customer,
            CustomerForm form,
            @Nullable String notice) {
        pages.send(
                request,
                status,
                "Customer " + customer.id(),
                "panel/customer.jte",
                new CustomerViews.One(
                        StoreRoom.of(request, store, notice),
                        customer,
                        form,
                        sessions.ofStore(
                                store.hash(), OptionalLong.of(customer.id()), StoreSession.Cursor.START, SHOWN),
                        mayManage(request, store),
                        request.may(Action.SEE_LEDGER, StoreRoom.target(store))));
    }

    private void sendLink(ConsoleRequest request, Store store, Customer customer, String title) {
        pages.send(
                request,
                200,
                title,
                "panel/link.jte",
                new LinkView(
                        Optional.of(StoreRoom.of(request, store, null)),
                        PanelTab.CUSTOMERS,
                        title,
                        "Send it to " + customer.email()
                                + ". Whoever opens it chooses the password of this customer, and every"
                                + " browser that is signed in is signed out.",
                        storefronts.url(
                                store,
                                AccountPages.resetPath(links.create(customer).secret())),
                        "one day",
                        path(store, customer.id())));
    }

    private Customer customer(ConsoleRequest request, Store store) {
        return customers.find(store.hash(), StoreRoom.id(request)).orElseThrow(Access::noSuchObject);
    }

    private static boolean mayManage(ConsoleRequest request, Store store) {
        return request.may(Action.MANAGE_CUSTOMERS, StoreRoom.target(store));
    }

    private static NewCustomer details(ConsoleRequest request, String email) {
        String group = request.field("group_id").strip();
        return new NewCustomer(
                email,
                request.field("first_name"),
                request.field("last_name"),
                isGroup(group) ? Long.parseLong(group) : 0);
    }

    private static Map<String, String> faults(ConsoleRequest request, NewCustomer details) {
        Map<String, String> faults = new LinkedHashMap<>();
        Map<String, String> found = details.faults();
        // They speak to the customers themselves.
        if (found.containsKey("email")) {
            faults.put("email", "Enter an e-mail address such as name@example.com.");
        }
        for (String field : List.of("first_name", "last_name")) {
            String fault = found.get(field);
            if (fault != null) {
                faults.put(field, fault.replace("Enter your ", "Enter the "));
            }
        }
        if (!isGroup(request.field("group_id").strip())) {
            faults.put("group_id", "Enter the number of a customer group, such as 6, or 0 for none.");
        }
        return faults;
    }

    private static boolean isGroup(String text) {
        return text.matches("[0-9]{1,9}");
    }

    private static CustomerForm typed(ConsoleRequest request, NewCustomer details, Map<String, String> faults) {
        return new CustomerForm(
                details.email(), details.firstName(), details.lastName(), request.field("group_id"), faults);
    }

    private static void found(boolean found) {
        if (!found) {
            throw Access.noSuchObject();
        }
    }
}
