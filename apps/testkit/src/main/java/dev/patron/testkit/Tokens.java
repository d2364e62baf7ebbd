package dev.patron.testkit;

import dev.patron.endpoint.JsonText;
import dev.patron.token.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes tokens, good ones and broken ones: each broken one differs from {@link #valid()} in one thing, and a verifier for the app and the store
 * that shares the clock refuses it for that. Thread-safe.
 */
public final class Tokens {

    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final Duration LONG_AGO = Duration.ofMinutes(20);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private static final String HS512 = "{\"typ\":\"JWT\",\"alg\":\"HS512\"}";
    private static final String OTHER_CLIENT_ID = "anotherappanotherappanotherapp1";
    private static final String OTHER_SECRET = "another secret".repeat(5);
    private static final int TOO_LARGE = 9000;

    private final TestApp app;
    private final String storeHash;
    private final InstantSource clock;

    /**
     * Tokens for an app, of a store.
     *
     * @param app the app, whose secret signs
     * @param storeHash the store
     * @param clock says when they are made
     */
    public Tokens(TestApp app, String storeHash, InstantSource clock) {
        this.app = app;
        this.storeHash = storeHash;
        this.clock = clock;
    }

    /**
     * A token that is accepted, about {@link TestCustomer#DEFAULT}.
     *
     * @return the token
     */
    public String valid() {
        return valid(TestCustomer.DEFAULT);
    }

    /**
     * A token that is accepted.
     *
     * @param customer whom it is about
     * @return the token
     */
    public String valid(TestCustomer customer) {
        return signed(claims(customer, now()));
    }

    /**
     * A token signed by the other algorithm, as the hosted platform signs; it is accepted unless the app says otherwise.
     *
     * @return the token
     */
    public String hs512() {
        return sign(HS512, json(claims(TestCustomer.DEFAULT, now())), app.clientSecret(), "HmacSHA512");
    }

    /**
     * A token with a name of its own.
     *
     * @param jwtId the claim {@code jti}
     * @return the token
     */
    public String withJwtId(String jwtId) {
        return with("jti", JsonText.quote(jwtId));
    }

    /**
     * The same token each time while the clock stands, with a name: an app that takes tokens once refuses it the second time.
     *
     * @return the token
     */
    public String replayed() {
        return withJwtId("replayed");
    }

    /**
     * {@link Reason#EXPIRED}: its time was over a while ago.
     *
     * @return the token
     */
    public String expired() {
        return signed(claims(TestCustomer.DEFAULT, now().minus(LONG_AGO)));
    }

    /**
     * {@link Reason#TOO_OLD}: issued a minute ago, and not expired.
     *
     * @return the token
     */
    public String tooOld() {
        return signed(claims(TestCustomer.DEFAULT, now().minus(A_MINUTE)));
    }

    /**
     * {@link Reason#ISSUED_IN_THE_FUTURE}: issued a minute from now.
     *
     * @return the token
     */
    public String fromTheFuture() {
        return signed(claims(TestCustomer.DEFAULT, now().plus(A_MINUTE)));
    }

    /**
     * {@link Reason#NOT_YET_VALID}: good from a minute from now.
     *
     * @return the token
     */
    public String notYetValid() {
        return with("nbf", Long.toString(now().plus(A_MINUTE).getEpochSecond()));
    }

    /**
     * {@link Reason#WRONG_AUDIENCE}: made for another app that has the same secret.
     *
     * @return the token
     */
    public String forOtherApp() {
        return with("aud", JsonText.quote(OTHER_CLIENT_ID));
    }

    /**
     * {@link Reason#WRONG_STORE}: of another store.
     *
     * @return the token
     */
    public String forOtherStore() {
        Map<String, String> claims = claims(TestCustomer.DEFAULT, now());
        claims.put("sub", JsonText.quote("other1"));
        claims.put("store_hash", JsonText.quote("other1"));
        return signed(claims);
    }

    /**
     * {@link Reason#MALFORMED}: a customer login token. It has the same secret and, among other things, no {@code exp}; {@link #ofOtherKind()}
     * differs in its kind only.
     *
     * @return the token
     */
    public String customerLogin() {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", JsonText.quote(app.clientId()));
        claims.put("iat", Long.toString(now().getEpochSecond()));
        claims.put("jti", JsonText.quote("login"));
        claims.put("operation", JsonText.quote("customer_login"));
        claims.put("store_hash", JsonText.quote(storeHash));
        claims.put("customer_id", Long.toString(TestCustomer.DEFAULT.id()));
        return signed(claims);
    }

    /**
     * {@link Reason#WRONG_OPERATION}: of another kind, whatever else it says.
     *
     * @return the token
     */
    public String ofOtherKind() {
        return with("operation", JsonText.quote("customer_login"));
    }

    /**
     * {@link Reason#WRONG_ISSUER}.
     *
     * @return the token
     */
    public String fromOtherIssuer() {
        return with("iss", JsonText.quote("bc"));
    }

    /**
     * {@link Reason#WRONG_VERSION}.
     *
     * @return the token
     */
    public String ofOtherVersion() {
        return with("version", "2");
    }

    /**
     * {@link Reason#INVALID_CUSTOMER}: its customer has no id.
     *
     * @return the token
     */
    public String withoutCustomerId() {
        return with("customer", "{\"email\":" + JsonText.quote(TestCustomer.DEFAULT.email()) + ",\"group_id\":\"6\"}");
    }

    /**
     * {@link Reason#UNSUPPORTED_ALGORITHM}: {@code alg} is {@code none}, and there is no signature.
     *
     * @return the token
     */
    public String unsigned() {
        return base64url("{\"alg\":\"none\",\"typ\":\"JWT\"}")
                + "."
                + base64url(json(claims(TestCustomer.DEFAULT, now())))
                + ".";
    }

    /**
     * {@link Reason#BAD_SIGNATURE}: one bit of its claims was changed on the way.
     *
     * @return the token
     */
    public String withFlippedBit() {
        String[] parts = valid().split("\\.", -1);
        byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
        claims[claims.length / 2] ^= 1;
        return parts[0] + "." + base64url(claims) + "." + parts[2];
    }

    /**
     * {@link Reason#BAD_SIGNATURE}: signed with a secret that is not the app's.
     *
     * @return the token
     */
    public String signedWithOtherSecret() {
        return sign(HS256, json(claims(TestCustomer.DEFAULT, now())), OTHER_SECRET, "HmacSHA256");
    }

    /**
     * {@link Reason#CRITICAL_HEADER}: its header demands something that nobody understands.
     *
     * @return the token
     */
    public String withCriticalHeader() {
        return sign(
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
                json(claims(TestCustomer.DEFAULT, now())),
                app.clientSecret(),
                "HmacSHA256");
    }

    /**
     * {@link Reason#MALFORMED}: it says twice who the customer is, and signed so.
     *
     * @return the token
     */
    public String withDuplicateMember() {
        String claims = json(claims(TestCustomer.DEFAULT, now()));
        String another = json(claims(TestCustomer.withId(1), now()));
        String customer = another.substring(1, another.indexOf("},") + 1);
        return sign(
                HS256,
                claims.substring(0, claims.length() - 1) + "," + customer + "}",
                app.clientSecret(),
                "HmacSHA256");
    }

    /**
     * {@link Reason#MALFORMED}: it is not three parts.
     *
     * @return the token
     */
    public String malformed() {
        return valid().substring(0, valid().lastIndexOf('.'));
    }

    /**
     * {@link Reason#TOO_LARGE}: it is signed, and longer than a token may be.
     *
     * @return the token
     */
    public String tooLarge() {
        return with("padding", JsonText.quote("x".repeat(TOO_LARGE)));
    }

    /**
     * A token that is refused for a reason.
     *
     * @param reason the reason
     * @return the token
     */
    public String refusedFor(Reason reason) {
        return switch (reason) {
            case TOO_LARGE -> tooLarge();
            case MALFORMED -> malformed();
            case UNSUPPORTED_ALGORITHM -> unsigned();
            case BAD_SIGNATURE -> withFlippedBit();
            case CRITICAL_HEADER -> withCriticalHeader();
            case WRONG_AUDIENCE -> forOtherApp();
            case WRONG_ISSUER -> fromOtherIssuer();
            case WRONG_OPERATION -> ofOtherKind();
            case WRONG_VERSION -> ofOtherVersion();
            case WRONG_STORE -> forOtherStore();
            case EXPIRED -> expired();
            case ISSUED_IN_THE_FUTURE -> fromTheFuture();
            case TOO_OLD -> tooOld();
            case NOT_YET_VALID -> notYetValid();
            case INVALID_CUSTOMER -> withoutCustomerId();
        };
    }

    /**
     * A signed token with a claim of your own, in place of the one with that name.
     *
     * @param claim its name
     * @param json its value, as JSON
     * @return the token
     */
    public String with(String claim, String json) {
        Map<String, String> claims = claims(TestCustomer.DEFAULT, now());
        claims.put(claim, json);
        return signed(claims);
    }

    private Instant now() {
        return clock.instant();
    }

    private Map<String, String> claims(TestCustomer customer, Instant issuedAt) {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put(
                "customer",
                "{\"id\":" + customer.id() + ",\"email\":" + JsonText.quote(customer.email()) + ",\"group_id\":\""
                        + customer.groupId() + "\"}");
        claims.put("iss", JsonText.quote("bc/apps"));
        claims.put("sub", JsonText.quote(storeHash));
        claims.put("iat", Long.toString(issuedAt.getEpochSecond()));
        claims.put("exp", Long.toString(issuedAt.plus(LIFETIME).getEpochSecond()));
        claims.put("version", "1");
        claims.put("aud", JsonText.quote(app.clientId()));
        claims.put("application_id", JsonText.quote(app.clientId()));
        claims.put("store_hash", JsonText.quote(storeHash));
        claims.put("operation", JsonText.quote("current_customer"));
        return claims;
    }

    private String signed(Map<String, String> claims) {
        return sign(HS256, json(claims), app.clientSecret(), "HmacSHA256");
    }

    private static String json(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> JsonText.quote(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String sign(String header, String payload, String secret, String algorithm) {
        String signed = base64url(header) + "." + base64url(payload);
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return signed + "." + base64url(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static String base64url(String text) {
        return base64url(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
