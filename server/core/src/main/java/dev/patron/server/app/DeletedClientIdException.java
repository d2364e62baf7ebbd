package dev.patron.server.app;

/** The client id of an app that was deleted: it is never registered again, since a store may have barred the app. */
public final class DeletedClientIdException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeletedClientIdException() {
        super(
                "This client id was used by an app that was deleted, and is never registered again: what stores and operators"
                        + " decided about an app must not end with it. Register the app without a client id: it gets a new one,"
                        + " and a new secret for its server. An app that was deleted by mistake is made anew, too.");
    }

    /** What was wrong and what to do, safe to show. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
