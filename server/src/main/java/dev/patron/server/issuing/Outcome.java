package dev.patron.server.issuing;

import dev.patron.server.http.Problem;

/** What came of a request for a token. */
public sealed interface Outcome {

    /** A token. {@link #toString()} does not tell it. */
    record Issued(String token) implements Outcome {
        @Override
        public String toString() {
            return "Issued[***]";
        }
    }

    /** No token, and why. */
    record Refused(Problem problem) implements Outcome {}
}
