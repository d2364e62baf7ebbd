package dev.patron.testkit;

/**
 * A customer of the store in a test. {@link #toString()} does not tell the e-mail address.
 *
 * @param id 1 or more
 * @param email the e-mail address
 * @param groupId the customer group, or 0 for none
 */
public record TestCustomer(long id, String email, long groupId) {

    /** Whom tokens are about when nothing else is said: 4927, as in the platform's documentation. */
    public static final TestCustomer DEFAULT = new TestCustomer(4927, "john.doe@gmail.com", 6);

    /**
     * A customer without a group, with an address made of the id.
     *
     * @param id 1 or more
     * @return the customer
     */
    public static TestCustomer withId(long id) {
        return new TestCustomer(id, "customer" + id + "@example.com", 0);
    }

    @Override
    public String toString() {
        return "TestCustomer[" + id + "]";
    }
}
