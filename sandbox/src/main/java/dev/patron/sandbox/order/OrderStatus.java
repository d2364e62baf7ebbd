package dev.patron.sandbox.order;

/** How far an order has come, with the platform's numbers and names ({@code contract.md} section 4.3). */
public enum OrderStatus {
    /** Not finished at the checkout. */
    INCOMPLETE(0, "Incomplete"),
    /** On its way. */
    SHIPPED(2, "Shipped"),
    /** Given back. */
    REFUNDED(4, "Refunded"),
    /** Called off. */
    CANCELLED(5, "Cancelled"),
    /** Done. */
    COMPLETED(10, "Completed"),
    /** Paid, and not packed yet. */
    AWAITING_FULFILLMENT(11, "Awaiting Fulfillment");

    private final int id;
    private final String label;

    OrderStatus(int id, String label) {
        this.id = id;
        this.label = label;
    }

    /** The platform's number. */
    public int id() {
        return id;
    }

    /** The platform's name. */
    public String label() {
        return label;
    }
}
