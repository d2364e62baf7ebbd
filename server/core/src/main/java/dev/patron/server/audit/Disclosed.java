package dev.patron.server.audit;

import java.time.Instant;

/**
 * A token that was made, without the token.
 *
 * @param customerKey what storage knows the customer by
 * @param claims the names of the claims about the customer and the visit, separated by spaces
 * @param secretId the secret that signed
 */
public record Disclosed(
        Instant at, String storeHash, String clientId, String claims, long secretId, long customerKey) {}
