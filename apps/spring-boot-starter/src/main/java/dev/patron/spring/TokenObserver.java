package dev.patron.spring;

import dev.patron.token.CurrentCustomer;

/** Is told what became of tokens and sessions: for counting. Thread-safe. */
interface TokenObserver {

    /** A token was accepted. */
    void accepted(CurrentCustomer customer);

    /** A request was refused; the id is that of {@link CustomerRefusedException#id()}. */
    void refused(String id);
}
