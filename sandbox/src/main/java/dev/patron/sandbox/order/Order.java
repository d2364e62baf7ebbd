package dev.patron.sandbox.order;

import java.time.Instant;
import java.util.List;

/**
 * An order of a demo customer.
 *
 * @param id later orders have higher ids
 */
public record Order(
        long id,
        long customerId,
        Instant createdAt,
        OrderStatus status,
        OrderCurrency currency,
        List<OrderLine> lines) {

    /** What the order costs, in hundredths of its currency. */
    public long total() {
        return lines.stream().mapToLong(OrderLine::total).sum();
    }

    /** How many pieces it has. */
    public int pieces() {
        return lines.stream().mapToInt(OrderLine::quantity).sum();
    }
}
