package dev.patron.server.customer;

/** The store has a customer with this e-mail address already. */
public final class EmailTakenException extends Exception {

    private static final long serialVersionUID = 1L;

    EmailTakenException() {
        super("The store has a customer with this e-mail address already.");
    }
}
