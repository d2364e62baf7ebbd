package dev.patron.sandbox.order;

/**
 * Some pieces of one product in an order.
 *
 * @param id unique among all lines
 * @param productId the product, which may be gone from the shop since
 * @param name what it was called
 * @param quantity 1 or more
 * @param unitPrice in hundredths of the order's currency
 */
public record OrderLine(long id, int productId, String name, int quantity, long unitPrice) {

    /** What the line costs, in hundredths of the order's currency. */
    public long total() {
        return unitPrice * quantity;
    }
}
