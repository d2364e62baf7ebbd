package dev.patron.server.app;

/** A secret cannot be made, used or retired as things are. The message says what is so and what to do first. */
public final class RotationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** The app has two secrets already. */
        TWO_SECRETS("two_secrets", "The app has two secrets already. Retire the one that does not sign first."),
        /** The app has no secret with this id (any more). */
        NO_SUCH_SECRET("no_such_secret", "The app has no secret with this id. List its secrets to see their ids."),
        /** The secret signs tokens. */
        SIGNING(
                "secret_signs",
                "This secret signs the app's tokens. Sign with the other one first, then retire this one."),
        /** The secret is about to sign tokens. */
        SCHEDULED(
                "secret_scheduled",
                "This secret is about to sign the app's tokens. Cancel that first, then retire it."),
        /** There is nothing to cancel. */
        NOT_SCHEDULED("not_scheduled", "No change of the signing secret is planned: it may have happened meanwhile."),
        /** The moment is more than a year ahead. */
        TOO_FAR("too_far", "A change of the signing secret can be planned for at most a year ahead.");

        private final String id;
        private final String detail;

        Reason(String id, String detail) {
            this.id = id;
            this.detail = detail;
        }

        /** Stable, for programs. */
        public String id() {
            return id;
        }
    }

    private final Reason reason;

    RotationException(Reason reason) {
        super(reason.detail);
        this.reason = reason;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }

    /** What is so and what to do first, safe to show. */
    public String detail() {
        return reason.detail;
    }
}
