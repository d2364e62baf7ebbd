package dev.patron.server.audit;

import dev.patron.server.TestClock;
import java.time.Instant;

/** Disclosures to record. */
final class Tokens {

    static final String APP = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    static final String OTHER_APP = "2222222222222222222222222222222";

    private Tokens() {}

    /** A token for an app about a customer, so many milliseconds after the clock's start. */
    static Disclosed token(String storeHash, String clientId, long customerKey, long millis) {
        return new Disclosed(at(millis), storeHash, clientId, "id email group_id", 1, customerKey);
    }

    static Instant at(long millis) {
        return TestClock.START.plusMillis(millis);
    }
}
