package dev.patron.sandbox.management;

import dev.patron.sandbox.order.Order;
import dev.patron.sandbox.order.OrderCurrency;
import dev.patron.sandbox.order.OrderLine;
import dev.patron.sandbox.order.OrderStatus;
import dev.patron.sandbox.order.Orders;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.http.Routes;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code /v2/orders}: what customers have bought, for reading. Only the demo store has orders. */
final class OrdersResource {

    private static final String PATH = "/stores/*/v2/orders";
    private static final int ORDER_ID = 4;
    private static final int CHANNEL = 1;

    private final String demoStore;
    private final Orders orders;
    private final Customers customers;

    OrdersResource(String demoStore, Orders orders, Customers customers) {
        this.demoStore = demoStore;
        this.orders = orders;
        this.customers = customers;
    }

    void addTo(Routes routes, Guard guard) {
        routes.on("GET", PATH, guard.read(Version.V2, Area.ORDERS, this::list))
                .on("GET", PATH + "/*", guard.read(Version.V2, Area.ORDERS, this::show))
                .on("GET", PATH + "/*/products", guard.read(Version.V2, Area.ORDERS, this::listProducts));
    }

    private void list(Call call) {
        Pages.of(call).answerList(call, found(call), order -> members(call, order));
    }

    private void show(Call call) {
        if (call.exchange().segment(ORDER_ID).equals("count")) {
            call.answer(count(found(call)));
        } else {
            call.answer(members(call, order(call)));
        }
    }

    private void listProducts(Call call) {
        Order order = order(call);
        Pages.of(call).answerList(call, order.lines(), line -> members(order, line));
    }

    private Order order(Call call) {
        long id = call.id(ORDER_ID);
        return of(call).filter(order -> order.id() == id).findFirst().orElseThrow(Refusal::notFound);
    }

    private Stream<Order> of(Call call) {
        return call.storeHash().equals(demoStore) ? orders.all().stream() : Stream.empty();
    }

    private List<Order> found(Call call) {
        OptionalLong least = call.number("min_id", 0, Long.MAX_VALUE);
        OptionalLong most = call.number("max_id", 0, Long.MAX_VALUE);
        OptionalLong customer = call.number("customer_id", 0, Long.MAX_VALUE);
        OptionalLong status = call.number("status_id", 0, Integer.MAX_VALUE);
        Optional<Instant> from = moment(call, "min_date_created");
        Optional<Instant> to = moment(call, "max_date_created");
        Optional<String> email = call.text("email");
        return of(call).filter(order -> least.isEmpty() || order.id() >= least.getAsLong())
                .filter(order -> most.isEmpty() || order.id() <= most.getAsLong())
                .filter(order -> customer.isEmpty() || order.customerId() == customer.getAsLong())
                .filter(order -> status.isEmpty() || order.status().id() == status.getAsLong())
                .filter(order -> from.isEmpty() || !order.createdAt().isBefore(from.get()))
                .filter(order -> to.isEmpty() || !order.createdAt().isAfter(to.get()))
                .filter(order ->
                        email.isEmpty() || email(call, order.customerId()).equalsIgnoreCase(email.get()))
                .sorted(sorting(call))
                .toList();
    }

    /** {@code sort=date_created:desc}: as the platform has it, by id unless something else is said. */
    private static Comparator<Order> sorting(Call call) {
        String sort = call.text("sort").orElse("id:asc");
        String[] parts = sort.split("[: ]", 2);
        Comparator<Order> order = switch (parts[0]) {
            case "id" -> Comparator.comparingLong(Order::id);
            case "customer_id" -> Comparator.comparingLong(Order::customerId);
            case "date_created", "date_modified" -> Comparator.comparing(Order::createdAt);
            case "status_id" -> Comparator.comparingInt(of -> of.status().id());
            default ->
                throw call.invalid("sort", "It must be id, customer_id, date_created, date_modified or status_id.");
        };
        return switch (parts.length == 1 ? "asc" : parts[1]) {
            case "asc" -> order.thenComparingLong(Order::id);
            case "desc" -> order.thenComparingLong(Order::id).reversed();
            default -> throw call.invalid("sort", "Its direction must be asc or desc.");
        };
    }

    /** RFC 2822 or ISO 8601, both of which the platform takes. */
    private static Optional<Instant> moment(Call call, String name) {
        return call.text(name).map(text -> {
            for (DateTimeFormatter format :
                    List.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME, DateTimeFormatter.RFC_1123_DATE_TIME)) {
                try {
                    return format.parse(text, Instant::from);
                } catch (DateTimeParseException other) {
                    // The next format, or refused below.
                }
            }
            throw call.invalid(name, "It must be a date such as Tue, 05 Mar 2019 21:40:11 +0000.");
        });
    }

    private String email(Call call, long customerId) {
        return customers.find(call.storeHash(), customerId).map(Customer::email).orElse("");
    }

    private static Map<String, Object> count(List<Order> found) {
        List<Map<String, Object>> statuses = Stream.of(OrderStatus.values())
                .map(status -> Map.<String, Object>of(
                        "id", status.id(),
                        "name", status.label(),
                        "count",
                                found.stream()
                                        .filter(order -> order.status() == status)
                                        .count()))
                .toList();
        return Map.of("count", found.size(), "statuses", statuses);
    }

    private Map<String, Object> members(Call call, Order order) {
        String total = Values.money(order.total());
        String none = Values.money(0);
        String created = Values.date(order.createdAt());
        boolean shipped = order.status() == OrderStatus.SHIPPED || order.status() == OrderStatus.COMPLETED;
        Optional<Customer> customer = customers.find(call.storeHash(), order.customerId());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", order.id());
        members.put("customer_id", order.customerId());
        members.put("date_created", created);
        members.put("date_modified", created);
        members.put("date_shipped", shipped ? created : "");
        members.put("status_id", order.status().id());
        members.put("status", order.status().label());
        members.put("subtotal_ex_tax", total);
        members.put("subtotal_inc_tax", total);
        members.put("subtotal_tax", none);
        members.put("base_shipping_cost", none);
        members.put("shipping_cost_ex_tax", none);
        members.put("shipping_cost_inc_tax", none);
        members.put("shipping_cost_tax", none);
        members.put("handling_cost_ex_tax", none);
        members.put("handling_cost_inc_tax", none);
        members.put("total_ex_tax", total);
        members.put("total_inc_tax", total);
        members.put("total_tax", none);
        members.put("items_total", order.pieces());
        members.put("items_shipped", shipped ? order.pieces() : 0);
        members.put("payment_method", "Manual");
        members.put("payment_status", "");
        members.put("refunded_amount", order.status() == OrderStatus.REFUNDED ? total : none);
        members.put("order_is_digital", false);
        members.put("store_credit_amount", none);
        members.put("gift_certificate_amount", none);
        members.put("discount_amount", none);
        members.put("coupon_discount", none);
        members.put("ip_address", "");
        members.put("geoip_country", "");
        members.put("currency_id", currencyId(order.currency()));
        members.put("currency_code", order.currency().name());
        members.put(
                "currency_exchange_rate", order.currency().rate().setScale(10).toPlainString());
        members.put("default_currency_id", currencyId(OrderCurrency.USD));
        members.put("default_currency_code", OrderCurrency.USD.name());
        members.put("staff_notes", "");
        members.put("customer_message", "");
        members.put("shipping_address_count", 0);
        members.put("is_deleted", false);
        members.put("order_source", "www");
        members.put("channel_id", CHANNEL);
        members.put("external_id", null);
        members.put("billing_address", billingAddress(customer));
        for (String part : List.of("products", "shipping_addresses", "coupons")) {
            members.put(part, Values.subResource(call, "/orders/" + order.id() + "/" + part));
        }
        return members;
    }

    private static Map<String, Object> billingAddress(Optional<Customer> customer) {
        Map<String, Object> address = new LinkedHashMap<>();
        address.put("first_name", customer.map(Customer::firstName).orElse(""));
        address.put("last_name", customer.map(Customer::lastName).orElse(""));
        for (String empty : List.of("company", "street_1", "street_2", "city", "state", "zip", "country", "phone")) {
            address.put(empty, "");
        }
        address.put("email", customer.map(Customer::email).orElse(""));
        return address;
    }

    private static Map<String, Object> members(Order order, OrderLine line) {
        String unit = Values.money(line.unitPrice());
        String total = Values.money(line.total());
        String none = Values.money(0);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", line.id());
        members.put("order_id", order.id());
        members.put("product_id", line.productId());
        members.put("order_address_id", 0);
        members.put("name", line.name());
        members.put("sku", "AA-" + line.productId());
        members.put("type", "physical");
        members.put("base_price", unit);
        members.put("price_ex_tax", unit);
        members.put("price_inc_tax", unit);
        members.put("price_tax", none);
        members.put("base_total", total);
        members.put("total_ex_tax", total);
        members.put("total_inc_tax", total);
        members.put("total_tax", none);
        members.put("weight", "1.0000");
        members.put("quantity", line.quantity());
        members.put("is_refunded", order.status() == OrderStatus.REFUNDED);
        members.put("refund_amount", order.status() == OrderStatus.REFUNDED ? total : none);
        members.put("applied_discounts", List.of());
        members.put("product_options", List.of());
        return members;
    }

    private static int currencyId(OrderCurrency currency) {
        return switch (currency) {
            case USD -> 1;
            case EUR -> 2;
            case GBP -> 3;
        };
    }
}
