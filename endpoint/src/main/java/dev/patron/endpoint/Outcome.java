package dev.patron.endpoint;

/** What comes of a request for a token. */
public sealed interface Outcome {

    /**
     * A token. {@link #toString()} does not tell it.
     *
     * @param token the token, in compact form
     */
    record Issued(String token) implements Outcome {
        @Override
        public String toString() {
            return "Issued[***]";
        }
    }

    /**
     * No token.
     *
     * @param problem the reason
     */
    record Refused(Problem problem) implements Outcome {}

    /**
     * Decides about a request that may ask, for an app with a well-formed client id: store, session, app, then what issuing says.
     *
     * @param found what the storefront knows
     * @param dryRun whether the token is thrown away
     * @return the outcome
     */
    static Outcome of(Storefront.LookUp found, boolean dryRun) {
        if (!found.isStoreKnown()) {
            return new Refused(Problem.NO_SUCH_STORE);
        }
        if (!found.isSignedIn()) {
            return new Refused(Problem.NOT_SIGNED_IN);
        }
        return found.isAppAllowed() ? found.issue(dryRun) : new Refused(Problem.UNKNOWN_APP);
    }
}
