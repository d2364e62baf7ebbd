package dev.patron.server.session;

import java.time.Instant;

/**
 * A session that has not ended.
 *
 * @param customerKey who is signed in, as storage knows them
 * @param beganAt when the customer signed in
 * @param lastSeenAt when it was last used, to within a minute
 * @param current whether it is the session of the request that asks
 */
public record Session(long customerKey, Instant beganAt, Instant lastSeenAt, boolean current) {}
