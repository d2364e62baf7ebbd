package dev.patron.server.audit;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * An app was told about a customer.
 *
 * @param at to the millisecond
 * @param claims the names of the claims, such as {@code email}; never their values
 * @param secretId the secret that signed; it may have been retired since
 * @param customerId the customer's id at the store; empty when the customer was erased
 */
public record Disclosure(
        Instant at, String storeHash, String clientId, List<String> claims, long secretId, OptionalLong customerId) {

    /** Makes the list immutable. */
    public Disclosure {
        claims = List.copyOf(claims);
    }
}
