package dev.patron.token;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An app's wish that the store sign a customer in. Only {@link CustomerLoginVerifier#verify(String)} makes one, so it is
 * genuine, meant for this store, and fresh. That it was not used before, that the app may do this at the store, and that the
 * visitor has the right address, is for whoever holds it to see to.
 *
 * <p>Instances are immutable and safe for use by many threads.
 */
public final class CustomerLogin {
    private final CustomerLoginClaims claims;

    CustomerLogin(CustomerLoginClaims claims) {
        this.claims = claims;
    }

    /**
     * The app that asks.
     *
     * @return the claim {@code iss}
     */
    public String clientId() {
        return claims.clientId();
    }

    /**
     * The store that is asked.
     *
     * @return the claim {@code store_hash}
     */
    public String storeHash() {
        return claims.storeHash();
    }

    /**
     * The customer to be signed in.
     *
     * @return 1 or more; the claim {@code customer_id}
     */
    public long customerId() {
        return claims.customerId();
    }

    /**
     * When the token was made.
     *
     * @return the claim {@code iat}, in whole seconds
     */
    public Instant issuedAt() {
        return claims.issuedAt();
    }

    /**
     * The name of this one token, to be accepted once.
     *
     * @return the claim {@code jti}, 1 to 255 characters of any kind
     */
    public String jwtId() {
        return claims.jwtId();
    }

    /**
     * The sales channel.
     *
     * @return 1 or more; the claim {@code channel_id}, if there is one
     */
    public OptionalLong channelId() {
        @Nullable Long channelId = claims.channelId();
        return channelId == null ? OptionalLong.empty() : OptionalLong.of(channelId);
    }

    /**
     * Where the customer goes on to.
     *
     * @return a path of the store and never another origin; the claim {@code redirect_to}, if there is one
     */
    public Optional<String> redirectTo() {
        return Optional.ofNullable(claims.redirectTo());
    }

    /**
     * The only network address from which the token may be used.
     *
     * @return any text; the claim {@code request_ip}, if there is one
     */
    public Optional<String> requestIp() {
        return Optional.ofNullable(claims.requestIp());
    }

    /** Equal are logins of which every part is equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CustomerLogin that && claims.equals(that.claims);
    }

    @Override
    public int hashCode() {
        return claims.hashCode();
    }

    /** Describes the login without the network address and where to go on to. */
    @Override
    public String toString() {
        return "CustomerLogin" + claims.toString().substring("CustomerLoginClaims".length());
    }
}
