package dev.patron.server.app;

/** The owner wants to delete an app that an operator has blocked: the block must not end with it. Nothing was changed. */
public final class BlockedAppException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BlockedAppException() {
        super(
                "An operator has blocked this app, so only an operator can delete it. Nothing was changed. Ask an operator of this"
                        + " server about it.");
    }

    /** What was wrong and what to do, safe to show. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
