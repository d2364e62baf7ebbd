package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies login tokens of one app for one store: the storefront's side of the Customer Login API. A Current Customer token,
 * which has the same key, is none.
 *
 * <p>Always checked: the signature, which is HS256; {@code iss}, {@code operation}, {@code store_hash}; that {@code iat} is
 * at most 30 seconds ago and not in the future, with 5 seconds for the difference of clocks; {@code exp} and {@code nbf}
 * where they are present; that there is a {@code jti}; that {@code customer_id} is a positive number; and that
 * {@code redirect_to}, where it is present, is a path. Unknown claims are passed over, and optional ones may be null.
 *
 * <p>Instances are immutable and safe for use by many threads.
 */
public final class CustomerLoginVerifier {
    private static final KnownStrings KNOWN_STRINGS = new KnownStrings(List.of(
            "iss",
            "iat",
            "jti",
            "operation",
            "store_hash",
            "customer_id",
            "channel_id",
            "redirect_to",
            "request_ip",
            "exp",
            "nbf",
            CustomerLoginClaims.OPERATION));

    private static final Duration CLOCK_SKEW = CurrentCustomerVerifier.Builder.DEFAULT_CLOCK_SKEW;
    private static final TimeRules TIME_RULES = new TimeRules(
            CustomerLoginClaims.LIFETIME, CLOCK_SKEW, "Make the token at the moment the browser is sent to the store");

    private final String clientId;
    private final JwsVerifier jws;
    private final String storeHash;
    private final InstantSource clock;

    private CustomerLoginVerifier(String clientId, JwsVerifier jws, String storeHash, InstantSource clock) {
        this.clientId = clientId;
        this.jws = jws;
        this.storeHash = storeHash;
        this.clock = clock;
    }

    /**
     * Makes a verifier.
     *
     * @param clientId the app's client id, which {@code iss} has to name; not empty
     * @param clientSecrets the app's client secrets, at least one, tried in this order
     * @param storeHash the store, which {@code store_hash} has to name; not empty
     * @param clock the time
     * @return the verifier
     * @throws IllegalArgumentException if the id or the store is empty, or there is no secret
     */
    public static CustomerLoginVerifier create(
            String clientId, List<ClientSecret> clientSecrets, String storeHash, InstantSource clock) {
        CurrentCustomerClaims.requireText("clientId", clientId);
        CurrentCustomerClaims.requireText("storeHash", storeHash);
        if (clientSecrets.isEmpty()) {
            throw new IllegalArgumentException("there are no client secrets; expected at least one");
        }
        List<HmacKey> keys = clientSecrets.stream()
                .map(secret -> new HmacKey(JwsAlgorithm.HS256, secret.bytes()))
                .toList();
        return new CustomerLoginVerifier(clientId, new JwsVerifier(keys), storeHash, clock);
    }

    /**
     * Reads which app a token claims to be from, to choose the verifier by. Nobody has vouched for it: believe it only when
     * that verifier has accepted the token.
     *
     * @param token any text
     * @return the claim {@code iss}, if it can be read
     */
    public static Optional<String> claimedClientId(String token) {
        int from = token.indexOf('.') + 1;
        int to = token.indexOf('.', from);
        if (token.length() > JwsVerifier.MAX_LENGTH || from == 0 || to < 0) {
            return Optional.empty();
        }
        byte[] part = token.substring(from, to).getBytes(ISO_8859_1);
        try {
            Unchecked claims = Unchecked.read(Base64Url.decode("payload", part, 0, part.length));
            return Optional.ofNullable(claims.issuer);
        } catch (InvalidTokenException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Verifies a token.
     *
     * @param token the last part of the path that was visited; up to 8 KiB
     * @return what the app asks for
     * @throws InvalidTokenException if the token is refused; {@link InvalidTokenException#reason()} says why
     */
    public CustomerLogin verify(String token) throws InvalidTokenException {
        Unchecked claims = Unchecked.read(jws.verify(token).payload);
        if (!clientId.equals(claims.issuer)) {
            throw InvalidTokenException.wrong(Reason.WRONG_ISSUER, "iss", claims.issuer, clientId);
        }
        if (!CustomerLoginClaims.OPERATION.equals(claims.operation)) {
            throw InvalidTokenException.wrong(
                    Reason.WRONG_OPERATION, "operation", claims.operation, CustomerLoginClaims.OPERATION);
        }
        if (!storeHash.equals(claims.storeHash)) {
            throw InvalidTokenException.wrong(Reason.WRONG_STORE, "store_hash", claims.storeHash, storeHash);
        }
        UncheckedClaims.requirePresent("iat", claims.issuedAt);
        TIME_RULES.check(claims.issuedAt, claims.expiresAt, claims.notBefore, clock.instant());
        String jwtId = claims.jwtId;
        if (jwtId == null || !CustomerLoginClaims.isJwtId(jwtId)) {
            throw InvalidTokenException.malformed(
                    "the claim jti is missing, empty or longer than " + CustomerLoginClaims.MAX_JWT_ID + " characters");
        }
        String redirectTo = claims.redirectTo;
        if (redirectTo != null && !CustomerLoginClaims.isPath(redirectTo)) {
            throw InvalidTokenException.malformed(
                    "the claim redirect_to is " + Text.shown(redirectTo) + "; expected a path such as /account.php");
        }
        if (claims.requestIp != null && claims.requestIp.isEmpty()) {
            throw InvalidTokenException.malformed("the claim request_ip is empty; leave it out where any may be");
        }
        if (claims.customerId < 1) {
            throw new InvalidTokenException(
                    Reason.INVALID_CUSTOMER, "the claim customer_id is not a number of 1 or more");
        }
        return new CustomerLogin(new CustomerLoginClaims(
                clientId,
                storeHash,
                claims.customerId,
                Instant.ofEpochSecond(claims.issuedAt),
                jwtId,
                claims.channelId == UncheckedClaims.ABSENT ? null : claims.channelId,
                redirectTo,
                claims.requestIp));
    }

    /** What a token claims, read but not yet compared with what is expected. */
    private static final class Unchecked {
        private @Nullable String issuer;
        private @Nullable String operation;
        private @Nullable String storeHash;
        private @Nullable String jwtId;
        private @Nullable String redirectTo;
        private @Nullable String requestIp;
        private long issuedAt = UncheckedClaims.ABSENT;
        private long expiresAt = UncheckedClaims.ABSENT;
        private long notBefore = UncheckedClaims.ABSENT;
        private long channelId = UncheckedClaims.ABSENT;
        private long customerId = UncheckedClaims.ABSENT;

        static Unchecked read(byte[] payload) throws InvalidTokenException {
            Unchecked claims = new Unchecked();
            JsonReader json = new JsonReader("payload", payload, KNOWN_STRINGS);
            json.beginObject();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (json.peek() == JsonReader.Kind.NULL) {
                    json.nextNull();
                } else {
                    claims.readMember(json, name);
                }
            }
            json.requireEnd();
            return claims;
        }

        private void readMember(JsonReader json, String name) throws InvalidTokenException {
            switch (name) {
                case "iss" -> issuer = json.nextString();
                case "iat" -> issuedAt = UncheckedClaims.readTime(json, name);
                case "exp" -> expiresAt = UncheckedClaims.readTime(json, name);
                case "nbf" -> notBefore = UncheckedClaims.readTime(json, name);
                case "jti" -> jwtId = json.nextString();
                case "operation" -> operation = json.nextString();
                case "store_hash" -> storeHash = json.nextString();
                case "channel_id" -> channelId = UncheckedClaims.readChannelId(json);
                case "redirect_to" -> redirectTo = json.nextString();
                case "request_ip" -> requestIp = json.nextString();
                case "customer_id" ->
                    customerId =
                            json.peek() == JsonReader.Kind.NUMBER ? json.nextLong() : UncheckedClaims.unusable(json);
                default -> json.skipValue();
            }
        }
    }
}
