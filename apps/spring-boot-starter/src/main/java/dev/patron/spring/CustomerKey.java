package dev.patron.spring;

import dev.patron.token.CurrentCustomer;

/**
 * What to keep a customer's things by, in caches and tables: the store <em>and</em> the id. Ids of different stores overlap.
 *
 * @param storeHash the store
 * @param customerId the customer's id in it
 */
public record CustomerKey(String storeHash, long customerId) {

    /**
     * The key of a customer.
     *
     * @param customer the customer
     * @return the key
     */
    public static CustomerKey of(CurrentCustomer customer) {
        return new CustomerKey(customer.storeHash(), customer.id());
    }

    /** The store, a slash, the id: fit for a key in Redis. */
    @Override
    public String toString() {
        return storeHash + "/" + customerId;
    }
}
