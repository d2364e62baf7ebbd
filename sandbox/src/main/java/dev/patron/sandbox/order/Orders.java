package dev.patron.sandbox.order;

import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.catalogue.Product;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The orders of the demo customers: two years of them, in three currencies, the same on every machine and at every start, so
 * that tests can name them. Products 901 to 905 were deleted from the shop since. Immutable.
 *
 * <p>The newest lines of customer 4927 are known: see {@link #ofTheDemoCustomer}. Customer 4929 has never bought anything.
 */
public final class Orders {

    /** When the last of them was made; the first ones were two years earlier. */
    public static final Instant LATEST = Instant.parse("2026-11-01T17:45:00Z");

    private static final long DEMO_CUSTOMER = 4927;
    private static final List<Long> BUYERS =
            List.of(DEMO_CUSTOMER, 4928L, 4930L, 4931L, 4932L, 4933L, 4934L, 4935L, 4936L, 4937L, 4938L, 4939L);
    private static final Duration TWO_YEARS = Duration.ofDays(730);
    private static final int FIRST_ID = 100;
    private static final int FIRST_DELETED = 901;
    private static final int DELETED = 5;
    private static final int ORDERS_PER_BUYER = 24;
    private static final long SEED = 4927;
    private static final List<OrderCurrency> CURRENCIES =
            List.of(OrderCurrency.USD, OrderCurrency.EUR, OrderCurrency.GBP);

    private final List<Order> all;

    /** The orders for a catalogue. */
    public Orders(Catalogue catalogue) {
        List<Draft> drafts = new ArrayList<>();
        for (long customer : BUYERS) {
            drafts.addAll(ofTheYears(customer, catalogue));
        }
        drafts.addAll(ofTheDemoCustomer(catalogue));
        drafts.sort(Comparator.comparing(Draft::createdAt).thenComparingLong(Draft::customerId));
        List<Order> numbered = new ArrayList<>();
        long line = 1;
        for (Draft draft : drafts) {
            List<OrderLine> lines = new ArrayList<>();
            for (Item item : draft.items()) {
                lines.add(new OrderLine(
                        line++,
                        item.productId(),
                        item.name(),
                        item.quantity(),
                        draft.currency().convert(item.usCents())));
            }
            numbered.add(new Order(
                    FIRST_ID + numbered.size(),
                    draft.customerId(),
                    draft.createdAt(),
                    draft.status(),
                    draft.currency(),
                    List.copyOf(lines)));
        }
        all = List.copyOf(numbered);
    }

    private record Item(int productId, String name, int quantity, long usCents) {

        static Item of(Product product, int quantity) {
            return new Item(product.id(), product.name(), quantity, product.cents());
        }

        static Item deleted(int number) {
            return new Item(FIRST_DELETED + number, "Discontinued lamp no. " + (number + 1), 1, 3300);
        }
    }

    private record Draft(
            long customerId, Instant createdAt, OrderStatus status, OrderCurrency currency, List<Item> items) {}

    /** All of them, by id, which is by time too. */
    public List<Order> all() {
        return all;
    }

    /** The order with an id. */
    public Optional<Order> find(long id) {
        return all.stream().filter(order -> order.id() == id).findFirst();
    }

    private static List<Draft> ofTheYears(long customer, Catalogue catalogue) {
        List<Product> products = catalogue.products();
        return IntStream.range(0, ORDERS_PER_BUYER)
                .mapToObj(number -> {
                    long first = spread(customer, number);
                    long fraction = Math.floorMod(first, 9_700L);
                    List<Item> items = IntStream.rangeClosed(0, (int) Math.floorMod(first >> 8, 4L))
                            .mapToObj(item -> {
                                long chance = spread(first, item);
                                return Math.floorMod(chance, 20L) == 0
                                        ? Item.deleted((int) Math.floorMod(chance >> 8, (long) DELETED))
                                        : Item.of(
                                                products.get((int) Math.floorMod(chance >> 16, (long) products.size())),
                                                1 + (int) Math.floorMod(chance >> 4, 3L));
                            })
                            .toList();
                    return new Draft(
                            customer,
                            // None in the last weeks: those are the known ones.
                            LATEST.minus(TWO_YEARS)
                                    .plus(TWO_YEARS.multipliedBy(fraction).dividedBy(10_000L))
                                    .plusSeconds(Math.floorMod(first >> 20, 40_000L)),
                            status(first),
                            CURRENCIES.get((int) Math.floorMod(first >> 32, 3L)),
                            items);
                })
                .toList();
    }

    private static OrderStatus status(long chance) {
        return switch ((int) Math.floorMod(chance >> 40, 12L)) {
            case 0 -> OrderStatus.CANCELLED;
            case 1 -> OrderStatus.REFUNDED;
            case 2, 3 -> OrderStatus.SHIPPED;
            default -> OrderStatus.COMPLETED;
        };
    }

    /**
     * What John Doe bought last: five distinct products that are still there, newest first, are 201, 301, 102, 302 and 404. On the
     * way there is one that was deleted, one that he bought again, and one in an order that was cancelled.
     */
    private static List<Draft> ofTheDemoCustomer(Catalogue catalogue) {
        return List.of(
                draft(0, OrderStatus.AWAITING_FULFILLMENT, OrderCurrency.USD, catalogue, 201, FIRST_DELETED),
                draft(2, OrderStatus.SHIPPED, OrderCurrency.EUR, catalogue, 301, 201),
                draft(3, OrderStatus.CANCELLED, OrderCurrency.USD, catalogue, 304),
                draft(6, OrderStatus.COMPLETED, OrderCurrency.GBP, catalogue, 102, 302),
                draft(9, OrderStatus.COMPLETED, OrderCurrency.USD, catalogue, 404, 201, 103));
    }

    private static Draft draft(
            int daysAgo, OrderStatus status, OrderCurrency currency, Catalogue catalogue, int... productIds) {
        return new Draft(
                DEMO_CUSTOMER,
                LATEST.minus(Duration.ofDays(daysAgo)),
                status,
                currency,
                IntStream.of(productIds)
                        .mapToObj(id -> catalogue
                                .find(id)
                                .map(product -> Item.of(product, 1))
                                .orElseGet(() -> Item.deleted(id - FIRST_DELETED)))
                        .toList());
    }

    /** A number that looks drawn by lot and is the same each time: the finishing steps of SplitMix64. */
    private static long spread(long one, long other) {
        long mixed = SEED + one * 0x9E3779B97F4A7C15L + other * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
