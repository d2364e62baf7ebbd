package dev.patron.token;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a login token says, before it is signed: an app asks the store to sign a customer in, once.
 *
 * <p>The names and types of the claims are those of the platform's documentation of the Customer Login API:
 * <pre>{@code
 * {"iss":"6sv16tfx3j5gsopm42ss5dd67g2srvq","iat":1480831863,"jti":"b1b42d3b-…","operation":"customer_login",
 *  "store_hash":"abc123","customer_id":4927}
 * }</pre>
 * without spaces, then {@code channel_id}, {@code redirect_to} and {@code request_ip} if there are any.
 *
 * <p>Whoever visits a URL with the token becomes the customer: make it on the server, for a customer whom your app has
 * authenticated, send the browser there at once, and keep it out of logs.
 *
 * @param clientId the app's client id; becomes {@code iss}; not empty
 * @param storeHash the store; not empty
 * @param customerId the customer's id in that store, 1 or more
 * @param issuedAt when the token is made, from 1970 to 9999; rounded down to the second
 * @param jwtId a name that no other token of the app has: the store accepts it once; 1 to {@value #MAX_JWT_ID} characters
 * @param channelId the sales channel, 1 or more, or null for the first
 * @param redirectTo where the customer goes on to: a path of the store such as {@code /orders?page=2}, at most
 *     {@value #MAX_PATH} printable ASCII characters without space and backslash; or null for the account page.
 *     {@link #SIGN_OUT} signs the customer out instead
 * @param requestIp the only network address from which the token may be used, or null for any
 */
// Whoever uses this module needs no JSpecify: exporting it would make their compiler ask for it.
@SuppressWarnings("exports")
public record CustomerLoginClaims(
        String clientId,
        String storeHash,
        long customerId,
        Instant issuedAt,
        String jwtId,
        @Nullable Long channelId,
        @Nullable String redirectTo,
        @Nullable String requestIp) {

    /** The claim {@code operation}, always. It tells these tokens from others made with the same secret. */
    public static final String OPERATION = "customer_login";

    /** For how long after {@code iat} a token may be used, the clock skew aside: 30 seconds. */
    public static final Duration LIFETIME = Duration.ofSeconds(30);

    /** The {@code redirect_to} that signs the customer out. */
    public static final String SIGN_OUT = "/login.php?action=logout";

    static final int MAX_JWT_ID = 255;

    private static final int MAX_PATH = 1024;

    /**
     * Checks every part.
     *
     * @throws IllegalArgumentException if a part is outside the bounds given above, or a text has an unpaired surrogate; the
     *     message names the part
     */
    public CustomerLoginClaims {
        CurrentCustomerClaims.requireText("clientId", clientId);
        CurrentCustomerClaims.requireText("storeHash", storeHash);
        CurrentCustomerClaims.requirePositive("customerId", customerId);
        issuedAt = CurrentCustomerClaims.requireSecond("issuedAt", issuedAt);
        CurrentCustomerClaims.requireText("jwtId", jwtId);
        if (!isJwtId(jwtId)) {
            throw new IllegalArgumentException(
                    "jwtId has " + jwtId.length() + " characters; expected at most " + MAX_JWT_ID);
        }
        if (channelId != null) {
            CurrentCustomerClaims.requirePositive("channelId", channelId);
        }
        if (redirectTo != null && !isPath(redirectTo)) {
            throw new IllegalArgumentException("redirectTo is " + Text.shown(redirectTo)
                    + "; expected a path of the store such as /orders, at most " + MAX_PATH
                    + " characters, no space and no backslash");
        }
        if (requestIp != null) {
            CurrentCustomerClaims.requireText("requestIp", requestIp);
        }
    }

    /**
     * The claims of a token made now, under a new random {@code jti}, for a customer who goes on to their account page.
     *
     * @param clientId the app's client id
     * @param storeHash the store
     * @param customerId the customer's id, 1 or more
     * @param issuedAt now; rounded down to the second
     * @return the claims
     * @throws IllegalArgumentException if one of them is outside its bounds
     */
    public static CustomerLoginClaims of(String clientId, String storeHash, long customerId, Instant issuedAt) {
        return new CustomerLoginClaims(
                clientId, storeHash, customerId, issuedAt, UUID.randomUUID().toString(), null, null, null);
    }

    /**
     * The same claims with a place to go on to.
     *
     * @param path the claim {@code redirect_to}
     * @return new claims
     * @throws IllegalArgumentException if it is no path of the store
     */
    public CustomerLoginClaims withRedirectTo(String path) {
        return new CustomerLoginClaims(clientId, storeHash, customerId, issuedAt, jwtId, channelId, path, requestIp);
    }

    /**
     * The same claims for one network address only: a token that was seen elsewhere is of no use there.
     *
     * @param address the claim {@code request_ip}, such as {@code 203.0.113.7}; not empty
     * @return new claims
     * @throws IllegalArgumentException if it is empty
     */
    public CustomerLoginClaims withRequestIp(String address) {
        return new CustomerLoginClaims(
                clientId, storeHash, customerId, issuedAt, jwtId, channelId, redirectTo, address);
    }

    /**
     * The same claims for a sales channel.
     *
     * @param channel the claim {@code channel_id}; 1 or more
     * @return new claims
     * @throws IllegalArgumentException if it is less than 1
     */
    public CustomerLoginClaims withChannelId(long channel) {
        return new CustomerLoginClaims(
                clientId, storeHash, customerId, issuedAt, jwtId, channel, redirectTo, requestIp);
    }

    /** Describes the claims without the network address and where to go on to. */
    @Override
    public String toString() {
        return "CustomerLoginClaims[clientId=" + clientId + ", storeHash=" + storeHash + ", customerId=" + customerId
                + ", issuedAt=" + issuedAt + ", jwtId=" + jwtId + ", channelId=" + channelId + "]";
    }

    static boolean isJwtId(String text) {
        return !text.isEmpty() && text.length() <= MAX_JWT_ID;
    }

    /** Whether a text is a path that no browser reads as another origin. */
    static boolean isPath(String text) {
        if (!text.startsWith("/") || text.startsWith("//") || text.length() > MAX_PATH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
