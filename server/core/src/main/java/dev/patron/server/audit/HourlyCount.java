package dev.patron.server.audit;

import java.time.Instant;

/**
 * How often something came of requests for tokens within an hour.
 *
 * @param hour when the hour began, UTC
 * @param clientId the app, or empty for refusals that named none that exists
 * @param outcome {@link #ISSUED}, or the id of the problem that was answered
 */
public record HourlyCount(Instant hour, String storeHash, String clientId, String outcome, long times) {

    /** The outcome of a request that got its token. */
    public static final String ISSUED = "issued";
}
