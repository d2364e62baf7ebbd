package dev.patron.server.storage;

import dev.patron.endpoint.UnavailableException;

/** Storage did not answer, or not in time. Nothing is known to have been written. Answered 503. */
public final class StorageUnavailableException extends UnavailableException {

    private static final long serialVersionUID = 1L;

    /** With no more than that. */
    public StorageUnavailableException() {
        super("Too many requests wait for storage", null);
    }

    /** With what went wrong. */
    public StorageUnavailableException(Throwable cause) {
        super("Storage did not answer in time", cause);
    }
}
