package dev.patron.server.http;

/** A listener cannot be opened: its port is in use, or its address is not one of this machine. */
public final class CannotListenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotListenException() {
        super("A listener cannot be opened");
    }
}
