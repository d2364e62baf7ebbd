package dev.patron.server.compute;

/** Too much work of a kind is waiting, or it has waited for too long. Nothing was done. Answered 503. */
public final class OverloadedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OverloadedException() {
        super("Too much work is waiting", null, false, false);
    }
}
