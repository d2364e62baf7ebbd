package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import java.util.Optional;

/**
 * The app's own sessions. One implementation keeps them in memory; declare a bean of this type to keep them elsewhere. Thread-safe.
 */
public interface CustomerSessions {

    /**
     * Begins a session for a customer who was verified. It is bound to the customer's store.
     *
     * @param customer the customer
     * @return the session, with an id that nobody can guess
     */
    CustomerSession begin(CurrentCustomer customer);

    /**
     * Whose session it is.
     *
     * @param id what a request presents
     * @return the customer, unless the session has ended or never was
     */
    Optional<CurrentCustomer> find(String id);

    /**
     * Ends a session, if there is one.
     *
     * @param id its id
     */
    void end(String id);
}
