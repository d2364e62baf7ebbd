package dev.patron.server.options;

/** An option has a value that is not allowed, or is not known. The message names it, the fault and the cure. */
public final class InvalidOptionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An option that is wrong, as the message says. */
    public InvalidOptionException(String message) {
        super(message);
    }
}
