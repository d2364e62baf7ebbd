package dev.patron.token;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verifies Current Customer tokens for one app.
 *
 * <pre>{@code
 * CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(clientId, clientSecret)
 *         .expectStore("abc123")
 *         .build();
 * CurrentCustomer customer = verifier.verify(token);
 * }</pre>
 *
 * <p>Always checked, and not to be switched off: the signature, the algorithm, {@code aud}, {@code iss}, {@code operation},
 * {@code version}, {@code exp}, {@code nbf} where present, that {@code iat} is not in the future, and that the customer has an
 * id, an e-mail address and a group. The builder demands a word on which stores are expected.
 *
 * <p>The claim {@code application_id} is not compared with {@code aud}: the platform's own documented sample has two
 * different values there. Header members that name or carry keys ({@code kid}, {@code jwk}, {@code jku}, {@code x5u}) are
 * ignored, and so are unknown claims.
 *
 * <p>Instances are immutable and safe for use by many threads, virtual ones too; making one costs more than a verification,
 * so make it once.
 */
public final class CurrentCustomerVerifier {
    private static final List<String> EXPECTED_STRINGS = List.of(
            "customer",
            "id",
            "email",
            "group_id",
            "iss",
            "sub",
            "iat",
            "exp",
            "version",
            "aud",
            "application_id",
            "store_hash",
            "operation",
            "jti",
            "channel_id",
            "nbf",
            CurrentCustomerClaims.ISSUER,
            CurrentCustomerClaims.OPERATION);

    private static final String CURE_OF_AGE = "Get a fresh token for each use, or call acceptUntilExpiry()"
            + " on the verifier's builder to accept tokens until they expire";

    private final String clientId;
    private final JwsVerifier jws;
    private final ExpectedStore expectedStore;
    private final TimeRules timeRules;
    private final InstantSource clock;
    private final KnownStrings knownStrings;

    private CurrentCustomerVerifier(Builder builder, ExpectedStore expectedStore) {
        this.clientId = builder.clientId;
        this.jws = new JwsVerifier(builder.keys());
        this.expectedStore = expectedStore;
        this.timeRules = new TimeRules(
                builder.acceptUntilExpiry ? null : builder.maxAgeOrDefault(), builder.clockSkew, CURE_OF_AGE);
        this.clock = builder.clock;
        List<String> strings = new ArrayList<>(EXPECTED_STRINGS);
        strings.add(clientId);
        if (expectedStore.only() != null) {
            strings.add(expectedStore.only());
        }
        this.knownStrings = new KnownStrings(strings);
    }

    /**
     * Begins a verifier for an app with one client secret.
     *
     * @param clientId the app's client id, which {@code aud} has to name; not empty
     * @param clientSecret the app's client secret as the developer portal shows it; see {@link ClientSecret}
     * @return a builder
     * @throws IllegalArgumentException if the id or the secret is empty
     */
    public static Builder builder(String clientId, String clientSecret) {
        return builder(clientId, List.of(clientSecret));
    }

    /**
     * Begins a verifier for an app whose secret is being replaced: a token may be signed with any of several.
     *
     * @param clientId the app's client id, which {@code aud} has to name; not empty
     * @param clientSecretsNewestFirst 1 to 10 client secrets, tried in this order
     * @return a builder
     * @throws IllegalArgumentException if the id or one of the secrets is empty, or there are none or more than 10
     */
    public static Builder builder(String clientId, List<String> clientSecretsNewestFirst) {
        return new Builder(clientId, clientSecretsNewestFirst);
    }

    /**
     * Verifies a token. This is the whole protocol: the customer that is returned may be trusted, and nothing is to be read
     * from a token in any other way.
     *
     * @param token the token as the browser sent it, without quotes or surrounding space; up to 8 KiB
     * @return the customer the token vouches for
     * @throws InvalidTokenException if the token is refused; {@link InvalidTokenException#reason()} says why, and
     *     {@link InvalidTokenException.Reason} lists every cause
     * @throws RuntimeException only what a predicate given to {@link Builder#expectStores} throws
     */
    public CurrentCustomer verify(String token) throws InvalidTokenException {
        JwsVerifier.Genuine genuine = jws.verify(token);
        UncheckedClaims claims = UncheckedClaims.read(genuine.payload, knownStrings);
        checkAudience(claims);
        checkConstants(claims);
        String storeHash = checkedStore(claims);
        timeRules.check(claims.issuedAt, claims.expiresAt, claims.notBefore, clock.instant());
        return checkedCustomer(claims, storeHash, genuine.key);
    }

    private void checkAudience(UncheckedClaims claims) throws InvalidTokenException {
        if (!claims.audiences.contains(clientId)) {
            String found = claims.audiences.isEmpty() ? null : claims.audiences.get(0);
            throw InvalidTokenException.wrong(Reason.WRONG_AUDIENCE, "aud", found, clientId);
        }
    }

    private static void checkConstants(UncheckedClaims claims) throws InvalidTokenException {
        if (!CurrentCustomerClaims.ISSUER.equals(claims.issuer)) {
            throw InvalidTokenException.wrong(Reason.WRONG_ISSUER, "iss", claims.issuer, CurrentCustomerClaims.ISSUER);
        }
        if (!CurrentCustomerClaims.OPERATION.equals(claims.operation)) {
            throw InvalidTokenException.wrong(
                    Reason.WRONG_OPERATION, "operation", claims.operation, CurrentCustomerClaims.OPERATION);
        }
        if (claims.version != CurrentCustomerClaims.VERSION) {
            String found = claims.version == UncheckedClaims.ABSENT ? "none" : Long.toString(claims.version);
            throw new InvalidTokenException(
                    Reason.WRONG_VERSION,
                    "the claim version is " + found + "; expected " + CurrentCustomerClaims.VERSION);
        }
    }

    private String checkedStore(UncheckedClaims claims) throws InvalidTokenException {
        String storeHash = claims.storeHash;
        if (storeHash == null || !storeHash.equals(claims.subject)) {
            throw new InvalidTokenException(
                    Reason.WRONG_STORE,
                    "the claims sub and store_hash are " + Text.shown(claims.subject) + " and " + Text.shown(storeHash)
                            + "; expected the same store in both");
        }
        if (storeHash.isEmpty() || !expectedStore.test().test(storeHash)) {
            throw new InvalidTokenException(
                    Reason.WRONG_STORE,
                    "the token's store is " + Text.shown(storeHash) + "; expected " + expectedStore.description());
        }
        return storeHash;
    }

    private CurrentCustomer checkedCustomer(UncheckedClaims claims, String storeHash, int secretIndex)
            throws InvalidTokenException {
        if (claims.customerId < 1) {
            throw invalidCustomer("id that is a number of 1 or more");
        }
        String email = claims.email;
        if (email == null || email.isEmpty()) {
            throw invalidCustomer("email that is a string and not empty");
        }
        if (claims.groupId < 0) {
            throw invalidCustomer("group_id that is a decimal number of 0 or more, as a string or a number");
        }
        return new CurrentCustomer(
                claims.customerId,
                email,
                claims.groupId,
                storeHash,
                clientId,
                Instant.ofEpochSecond(claims.issuedAt),
                Instant.ofEpochSecond(claims.expiresAt),
                claims.jwtId,
                claims.channelId == UncheckedClaims.ABSENT ? null : claims.channelId,
                secretIndex);
    }

    private static InvalidTokenException invalidCustomer(String missing) {
        return new InvalidTokenException(Reason.INVALID_CUSTOMER, "the claim customer has no " + missing);
    }

    /**
     * Sets a {@link CurrentCustomerVerifier} up. One call is required: {@link #expectStore}, {@link #expectStores} or
     * {@link #allowAnyStore}. Everything else has a safe default.
     *
     * <p>A builder is for one thread. What it has built doesn't change when the builder is used further.
     */
    public static final class Builder {
        /** How long ago a token may have been issued when nothing else is said: 30 seconds. */
        public static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(30);

        /** By how much the clocks may differ when nothing else is said: 5 seconds. */
        public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofSeconds(5);

        /** By how much the clocks may be allowed to differ at most: 5 minutes. */
        public static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

        private static final int MAX_SECRETS = 10;
        private static final int MIN_SECRET_LENGTH = 32;

        private final String clientId;
        private final List<ClientSecret> secrets;
        private final List<String> storeCalls = new ArrayList<>();
        private @Nullable ExpectedStore expectedStore;
        private Set<JwsAlgorithm> algorithms = EnumSet.allOf(JwsAlgorithm.class);
        private @Nullable Duration maxAge;
        private boolean acceptUntilExpiry;
        private Duration clockSkew = DEFAULT_CLOCK_SKEW;
        private boolean allowShortSecret;
        private InstantSource clock = InstantSource.system();

        private Builder(String clientId, List<String> secrets) {
            if (clientId.isEmpty()) {
                throw new IllegalArgumentException("the client id is empty");
            }
            if (secrets.isEmpty() || secrets.size() > MAX_SECRETS) {
                throw new IllegalArgumentException(
                        "there are " + secrets.size() + " client secrets; expected 1 to " + MAX_SECRETS);
            }
            this.clientId = clientId;
            this.secrets = secrets.stream().map(ClientSecret::of).toList();
        }

        /**
         * Accepts tokens of one store. Take the store from what your server knows of the session or the installation, not
         * from the request.
         *
         * @param storeHash the store, which {@code sub} and {@code store_hash} have to name; not empty
         * @return this builder
         * @throws IllegalArgumentException if it is empty
         */
        public Builder expectStore(String storeHash) {
            if (storeHash.isEmpty()) {
                throw new IllegalArgumentException("the expected store is empty");
            }
            return stores("expectStore", new ExpectedStore(storeHash::equals, storeHash, Text.shown(storeHash)));
        }

        /**
         * Accepts tokens of the stores that a test accepts, such as those where the app is installed. Compare
         * {@link CurrentCustomer#storeHash()} with the store the request is about afterwards.
         *
         * @param expected tests a store hash, which is never empty; called by every thread that verifies, and only with
         *     stores of genuine tokens; what it throws, {@link #verify} throws
         * @return this builder
         */
        public Builder expectStores(Predicate<String> expected) {
            return stores("expectStores", new ExpectedStore(expected, null, "one that the given predicate accepts"));
        }

        /**
         * Accepts tokens of every store. Only for apps that compare {@link CurrentCustomer#storeHash()} themselves, or for
         * which all stores are alike.
         *
         * @return this builder
         */
        public Builder allowAnyStore() {
            return stores("allowAnyStore", new ExpectedStore(storeHash -> true, null, "any"));
        }

        private Builder stores(String call, ExpectedStore expected) {
            storeCalls.add(call);
            expectedStore = expected;
            return this;
        }

        /**
         * Accepts only these algorithms. Default: both.
         *
         * @param accepted at least one algorithm
         * @return this builder
         * @throws IllegalArgumentException if there is none
         */
        public Builder algorithms(Set<JwsAlgorithm> accepted) {
            if (accepted.isEmpty()) {
                throw new IllegalArgumentException("no algorithm is left to accept");
            }
            algorithms = EnumSet.copyOf(accepted);
            return this;
        }

        /**
         * Accepts only these algorithms. Default: both.
         *
         * @param first an algorithm
         * @param rest others
         * @return this builder
         */
        public Builder algorithms(JwsAlgorithm first, JwsAlgorithm... rest) {
            algorithms = EnumSet.of(first, rest);
            return this;
        }

        /**
         * Accepts tokens only for a while after {@code iat}, which shortens the use of a stolen one. Default: 30 seconds,
         * which suits pages that fetch a token for each use. The clock skew is added.
         *
         * @param maxAge how long ago a token may have been issued: more than zero, at most
         *     {@link CurrentCustomerClaims#LIFETIME} (15 minutes)
         * @return this builder
         * @throws IllegalArgumentException if it is outside these bounds
         */
        public Builder maxAge(Duration maxAge) {
            if (maxAge.isNegative() || maxAge.isZero() || maxAge.compareTo(CurrentCustomerClaims.LIFETIME) > 0) {
                throw new IllegalArgumentException("maxAge is " + maxAge + "; expected more than 0 and at most "
                        + CurrentCustomerClaims.LIFETIME.toMinutes() + " minutes");
            }
            this.maxAge = maxAge;
            return this;
        }

        /**
         * Accepts tokens until {@code exp}, however long ago they were issued. The hosted platform gives out the same token
         * again and again for its 15 minutes, so apps that serve its stores need this. Contradicts {@link #maxAge}.
         *
         * @return this builder
         */
        public Builder acceptUntilExpiry() {
            acceptUntilExpiry = true;
            return this;
        }

        /**
         * Lets the issuer's clock differ from this machine's. Applies in both directions and to {@code exp}, {@code iat},
         * {@code nbf} and the greatest age alike. Default: 5 seconds.
         *
         * @param clockSkew 0 to 5 minutes
         * @return this builder
         * @throws IllegalArgumentException if it is outside these bounds
         */
        public Builder clockSkew(Duration clockSkew) {
            if (clockSkew.isNegative() || clockSkew.compareTo(MAX_CLOCK_SKEW) > 0) {
                throw new IllegalArgumentException(
                        "clockSkew is " + clockSkew + "; expected 0 to " + MAX_CLOCK_SKEW.toMinutes() + " minutes");
            }
            this.clockSkew = clockSkew;
            return this;
        }

        /**
         * Takes client secrets of less than 32 bytes, which can be guessed from one captured token the sooner the shorter they
         * are (RFC 7518 section 3.2, RFC 8725 section 3.5). Older apps of the platform have secrets of 31 characters and
         * need this. Default: they are refused. An empty secret is always refused.
         *
         * @return this builder
         */
        public Builder allowShortSecret() {
            allowShortSecret = true;
            return this;
        }

        /**
         * Takes the time from another clock. Default: the system's.
         *
         * @param clock the clock; has to be safe for use by many threads
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Makes the verifier.
         *
         * @return the verifier
         * @throws IllegalStateException if not exactly one of {@link #expectStore}, {@link #expectStores} and
         *     {@link #allowAnyStore} was called, once; if both {@link #maxAge} and {@link #acceptUntilExpiry} were called; or
         *     if a secret has less than 32 bytes and {@link #allowShortSecret} wasn't called
         */
        public CurrentCustomerVerifier build() {
            ExpectedStore expected = expectedStore;
            if (expected == null || storeCalls.size() != 1) {
                throw new IllegalStateException(
                        "exactly one call of expectStore, expectStores or allowAnyStore is required;" + " found "
                                + (storeCalls.isEmpty() ? "none" : String.join(", ", storeCalls)));
            }
            if (maxAge != null && acceptUntilExpiry) {
                throw new IllegalStateException("maxAge and acceptUntilExpiry contradict each other; call one of them");
            }
            for (ClientSecret secret : secrets) {
                if (secret.length() < MIN_SECRET_LENGTH && !allowShortSecret) {
                    throw new IllegalStateException(
                            "a client secret has " + secret.length() + " bytes; expected at least "
                                    + MIN_SECRET_LENGTH + ". If the platform gave the app a secret that short, call"
                                    + " allowShortSecret()");
                }
            }
            return new CurrentCustomerVerifier(this, expected);
        }

        private List<HmacKey> keys() {
            return algorithms.stream()
                    .flatMap(algorithm -> secrets.stream().map(secret -> new HmacKey(algorithm, secret.bytes())))
                    .toList();
        }

        private Duration maxAgeOrDefault() {
            return maxAge == null ? DEFAULT_MAX_AGE : maxAge;
        }
    }

    /** A test of stores, the only one that passes it if that is known, and a description for messages. */
    private record ExpectedStore(
            Predicate<String> test, @Nullable String only, String description) {}
}
