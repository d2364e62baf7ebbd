package dev.patron.server.audit;

import java.time.Instant;

/**
 * A request for a token was refused. Who asked is not known here.
 *
 * @param at to the millisecond
 * @param clientId the app, or empty when none was named that exists
 * @param reason the id of the problem that was answered, such as {@code not_signed_in}
 */
public record Refusal(Instant at, String storeHash, String clientId, String reason) {}
