package dev.patron.server.audit;

import org.jspecify.annotations.Nullable;

/** Records what came of requests for tokens. Thread-safe; it never waits for storage. */
public interface Recorder {

    /** Takes nothing down: for requests that reveal no token, and for measuring what a ledger costs. */
    Recorder NONE = new Recorder() {
        @Override
        public boolean disclosed(Disclosed token) {
            return true;
        }

        @Override
        public void refused(String host, @Nullable String clientId, String reason) {
            // Not recorded.
        }
    };

    /**
     * Records a token that was made, before anybody has it.
     *
     * @return false when there is no room: then the token must not be given to anybody
     */
    boolean disclosed(Disclosed token);

    /**
     * Counts a refusal.
     *
     * @param host the host that was asked, whether or not it is a store's
     * @param clientId the well-formed client id that was sent, whether or not there is such an app; null without one
     * @param reason the id of the problem that was answered
     */
    void refused(String host, @Nullable String clientId, String reason);
}
