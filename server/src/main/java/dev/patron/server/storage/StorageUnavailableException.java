package dev.patron.server.storage;

/** Storage did not answer, or not in time. Nothing is known to have been written. Answered 503. */
public final class StorageUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With no more than that. */
    public StorageUnavailableException() {
        super("Too many requests wait for storage");
    }

    /** With what went wrong. */
    public StorageUnavailableException(Throwable cause) {
        super("Storage did not answer in time", cause);
    }
}
