package dev.patron.token;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The customer that a store vouches for. Only {@link CurrentCustomerVerifier#verify(String)} makes one, so whoever holds
 * one holds the word of a token that was genuine, meant for this app, and fresh when it was verified.
 *
 * <p>A customer is known by {@link #storeHash()} <em>and</em> {@link #id()}: ids of different stores overlap. Use both in
 * every query and every cache key. The e-mail address may change and pass to someone else; don't identify anyone by it.
 *
 * <p>The texts come from the customer: encode them on output (RFC 8725 section 3.10).
 *
 * <p>Instances are immutable and safe for use by many threads.
 */
public final class CurrentCustomer {
    private static final long NO_GROUP = 0;

    private final long id;
    private final String email;
    private final long groupId;
    private final String storeHash;
    private final String clientId;
    private final Instant issuedAt;
    private final Instant expiresAt;
    private final @Nullable String jwtId;
    private final @Nullable Long channelId;
    private final int secretIndex;

    CurrentCustomer(
            long id,
            String email,
            long groupId,
            String storeHash,
            String clientId,
            Instant issuedAt,
            Instant expiresAt,
            @Nullable String jwtId,
            @Nullable Long channelId,
            int secretIndex) {
        this.id = id;
        this.email = email;
        this.groupId = groupId;
        this.storeHash = storeHash;
        this.clientId = clientId;
        this.issuedAt = issuedAt;
        this.expiresAt = expiresAt;
        this.jwtId = jwtId;
        this.channelId = channelId;
        this.secretIndex = secretIndex;
    }

    /**
     * The customer's id, unique within {@link #storeHash()} only.
     *
     * @return 1 or more; the claim {@code customer.id}
     */
    public long id() {
        return id;
    }

    /**
     * The customer's e-mail address when the token was made.
     *
     * @return the claim {@code customer.email}, not empty
     */
    public String email() {
        return email;
    }

    /**
     * The customer's group, if any.
     *
     * @return 1 or more; the claim {@code customer.group_id}, empty where that is 0
     */
    public OptionalLong groupId() {
        return groupId == NO_GROUP ? OptionalLong.empty() : OptionalLong.of(groupId);
    }

    /**
     * The store the customer belongs to.
     *
     * @return the claims {@code sub} and {@code store_hash}
     */
    public String storeHash() {
        return storeHash;
    }

    /**
     * The app that the token was made for.
     *
     * @return the verifier's client id, which the claim {@code aud} names
     */
    public String clientId() {
        return clientId;
    }

    /**
     * When the token was made.
     *
     * @return the claim {@code iat}, in whole seconds
     */
    public Instant issuedAt() {
        return issuedAt;
    }

    /**
     * From when on the token is refused. What an app derives from the token, such as a session of its own, may live longer.
     *
     * @return the claim {@code exp}, in whole seconds
     */
    public Instant expiresAt() {
        return expiresAt;
    }

    /**
     * The name of this one token, for telling a token that was seen before. Don't tell that by the token's text.
     *
     * @return the claim {@code jti}; the hosted platform sends none
     */
    public Optional<String> jwtId() {
        return Optional.ofNullable(jwtId);
    }

    /**
     * The sales channel of the customer's session.
     *
     * @return 1 or more; the claim {@code channel_id}; the hosted platform sends none
     */
    public OptionalLong channelId() {
        return channelId == null ? OptionalLong.empty() : OptionalLong.of(channelId);
    }

    /**
     * Which of the verifier's client secrets the token was signed with. Once it is 0 for all tokens, older secrets can be
     * taken from the verifier, and retired.
     *
     * @return 0 for the newest, and so on in the order that the verifier was given them
     */
    public int secretIndex() {
        return secretIndex;
    }

    /**
     * Equal are customers of whom the tokens say the same, the tokens' times and ids included; {@link #secretIndex()} is
     * the verifier's affair.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof CurrentCustomer that
                && id == that.id
                && email.equals(that.email)
                && groupId == that.groupId
                && storeHash.equals(that.storeHash)
                && clientId.equals(that.clientId)
                && issuedAt.equals(that.issuedAt)
                && expiresAt.equals(that.expiresAt)
                && Objects.equals(jwtId, that.jwtId)
                && Objects.equals(channelId, that.channelId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, email, groupId, storeHash, clientId, issuedAt, expiresAt, jwtId, channelId);
    }

    /** Describes the customer without the e-mail address. */
    @Override
    public String toString() {
        return "CurrentCustomer[id=" + id + ", groupId=" + groupId + ", storeHash=" + storeHash + ", clientId="
                + clientId
                + ", issuedAt=" + issuedAt + ", expiresAt=" + expiresAt + ", jwtId=" + jwtId + ", channelId="
                + channelId
                + "]";
    }
}
