package dev.patron.token;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a Current Customer token says, before it is signed.
 *
 * <p>The names and types of the claims are those of the platform's documentation of the Current Customer API. As JSON they
 * stand in the platform's order:
 * <pre>{@code
 * {"customer":{"id":4927,"email":"john.doe@gmail.com","group_id":"6"},"iss":"bc/apps","sub":"abc123",
 *  "iat":1480831863,"exp":1480832763,"version":1,"aud":"6sv16tfx3j5gsopm42ss5dd67g2srvq",
 *  "application_id":"6sv16tfx3j5gsopm42ss5dd67g2srvq","store_hash":"abc123","operation":"current_customer"}
 * }</pre>
 * without spaces, then {@code jti} and {@code channel_id} if there are any. Text outside ASCII stays as it is, in UTF-8.
 *
 * <p>Instances are immutable and safe for use by many threads.
 *
 * @param customerId the customer's id in its store, 1 or more
 * @param email the customer's e-mail address; not empty
 * @param groupId the id of the customer's group in decimal, {@value #NO_GROUP} without one
 * @param storeHash the store; becomes both {@code sub} and {@code store_hash}; not empty
 * @param issuedAt when the token is made, from 1970 to 9999; rounded down to the second
 * @param expiresAt from when on it is refused, later than {@code issuedAt}, up to 9999; rounded down to the second
 * @param audience the client id of the app that may accept the token; not empty
 * @param applicationId the app's client id once more, where the platform puts it twice; not empty
 * @param jwtId a name for this one token (RFC 7519 section 4.1.7); not empty, or null for none
 * @param channelId the sales channel of the customer's session, 1 or more, or null for none
 */
// Whoever uses this module needs no JSpecify: exporting it would make their compiler ask for it.
@SuppressWarnings("exports")
public record CurrentCustomerClaims(
        long customerId,
        String email,
        String groupId,
        String storeHash,
        Instant issuedAt,
        Instant expiresAt,
        String audience,
        String applicationId,
        @Nullable String jwtId,
        @Nullable Long channelId) {

    /** The claim {@code iss}, always. */
    public static final String ISSUER = "bc/apps";

    /** The claim {@code operation}, always. It tells these tokens from others made with the same secret. */
    public static final String OPERATION = "current_customer";

    /** The claim {@code version}, always. */
    public static final int VERSION = 1;

    /** How long a token lives unless said otherwise: 15 minutes, as the platform's documentation has it. */
    public static final Duration LIFETIME = Duration.ofMinutes(15);

    /** The {@code group_id} of a customer without a group. */
    static final String NO_GROUP = "0";

    /** The last second of the year 9999: the latest time a token may name. */
    static final long LATEST_SECOND = 253_402_300_799L;

    /**
     * Checks every part.
     *
     * @throws IllegalArgumentException if a part is outside the bounds given above, or a text has an unpaired surrogate;
     *     the message names the part and, save for the e-mail address, what it was
     */
    public CurrentCustomerClaims {
        requirePositive("customerId", customerId);
        requireText("email", email);
        if (!isGroupId(groupId)) {
            throw new IllegalArgumentException(
                    "groupId is " + Text.shown(groupId) + "; expected a decimal number, 0 for no group");
        }
        requireText("storeHash", storeHash);
        issuedAt = requireSecond("issuedAt", issuedAt);
        expiresAt = requireSecond("expiresAt", expiresAt);
        if (!expiresAt.isAfter(issuedAt)) {
            throw new IllegalArgumentException("expiresAt is " + expiresAt + "; expected later than " + issuedAt);
        }
        requireText("audience", audience);
        requireText("applicationId", applicationId);
        if (jwtId != null) {
            requireText("jwtId", jwtId);
        }
        if (channelId != null) {
            requirePositive("channelId", channelId);
        }
    }

    /**
     * The claims of a token made now for one app: valid for {@link #LIFETIME}, without {@code jti} and {@code channel_id}.
     *
     * @param clientId the app's client id; becomes {@code aud} and {@code application_id}
     * @param storeHash the store
     * @param customerId the customer's id, 1 or more
     * @param email the customer's e-mail address
     * @param groupId the id of the customer's group, 0 for no group
     * @param issuedAt now; rounded down to the second, so that no verifier finds it in its future
     * @return the claims
     * @throws IllegalArgumentException if one of them is outside its bounds
     */
    public static CurrentCustomerClaims of(
            String clientId, String storeHash, long customerId, String email, long groupId, Instant issuedAt) {
        return new CurrentCustomerClaims(
                customerId,
                email,
                Long.toString(groupId),
                storeHash,
                issuedAt,
                issuedAt.plus(LIFETIME),
                clientId,
                clientId,
                null,
                null);
    }

    /**
     * The same claims with a name for this one token.
     *
     * @param jwtId the claim {@code jti}; not empty
     * @return new claims
     * @throws IllegalArgumentException if it is empty or has an unpaired surrogate
     */
    public CurrentCustomerClaims withJwtId(String jwtId) {
        return new CurrentCustomerClaims(
                customerId, email, groupId, storeHash, issuedAt, expiresAt, audience, applicationId, jwtId, channelId);
    }

    /**
     * The same claims with the sales channel of the customer's session.
     *
     * @param channelId the claim {@code channel_id}; 1 or more
     * @return new claims
     * @throws IllegalArgumentException if it is less than 1
     */
    public CurrentCustomerClaims withChannelId(long channelId) {
        return new CurrentCustomerClaims(
                customerId, email, groupId, storeHash, issuedAt, expiresAt, audience, applicationId, jwtId, channelId);
    }

    /** Describes the claims without the e-mail address. */
    @Override
    public String toString() {
        return "CurrentCustomerClaims[customerId=" + customerId + ", groupId=" + groupId + ", storeHash=" + storeHash
                + ", issuedAt=" + issuedAt + ", expiresAt=" + expiresAt + ", audience=" + audience + ", applicationId="
                + applicationId + ", jwtId=" + jwtId + ", channelId=" + channelId + "]";
    }

    /** Whether a text is how a group id is written: a decimal number that fits a long, without sign or leading zero. */
    static boolean isGroupId(String text) {
        if (text.isEmpty() || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        String greatest = "9223372036854775807";
        return text.length() < greatest.length()
                || (text.length() == greatest.length() && text.compareTo(greatest) <= 0);
    }

    static void requirePositive(String part, long number) {
        if (number < 1) {
            throw new IllegalArgumentException(part + " is " + number + "; expected 1 or more");
        }
    }

    static void requireText(String part, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(part + " is empty");
        }
        if (!Text.isWellFormed(text)) {
            throw new IllegalArgumentException(part + " contains an unpaired surrogate");
        }
    }

    static Instant requireSecond(String part, Instant time) {
        if (time.getEpochSecond() < 0 || time.getEpochSecond() > LATEST_SECOND) {
            throw new IllegalArgumentException(part + " is " + time + "; expected a time from 1970 to 9999");
        }
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
