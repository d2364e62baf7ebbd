package dev.patron.server.storage;

/** A text that was sent has a character that storage cannot hold, such as U+0000. Nothing was written. Answered 400. */
public final class UnstorableTextException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what storage said. */
    public UnstorableTextException(Throwable cause) {
        super("A text has a character that cannot be stored", cause);
    }
}
