package dev.patron.token;

/**
 * Signs login tokens with one app's client secret, HS256 always, as the platform's Customer Login API has it.
 *
 * <pre>{@code
 * CustomerLoginSigner signer = CustomerLoginSigner.create(ClientSecret.of(clientSecret));
 * String url = storeUrl + signer.path(CustomerLoginClaims.of(clientId, "abc123", 4927, clock.instant()));
 * }</pre>
 *
 * <p>Instances are immutable and safe for use by many threads.
 */
public final class CustomerLoginSigner {
    /** What stands before the token in the path that the browser visits. */
    public static final String PATH = "/login/token/";

    private final JwsSigner jws;

    private CustomerLoginSigner(JwsSigner jws) {
        this.jws = jws;
    }

    /**
     * Makes a signer.
     *
     * @param secret the app's client secret
     * @return the signer
     * @throws IllegalStateException if the Java run-time lacks the algorithm, which every complete one has
     */
    public static CustomerLoginSigner create(ClientSecret secret) {
        return new CustomerLoginSigner(new JwsSigner(new HmacKey(JwsAlgorithm.HS256, secret.bytes())));
    }

    /**
     * Makes a token in compact form (RFC 7515 section 7.1).
     *
     * @param claims what the token is to say
     * @return the token: three parts of base64url with dots between them
     * @throws IllegalArgumentException if the token would be longer than 8 KiB, which a verifier refuses
     */
    public String sign(CustomerLoginClaims claims) {
        return jws.sign(ClaimsWriter.write(claims));
    }

    /**
     * Makes a token and says where the browser goes with it.
     *
     * @param claims what the token is to say
     * @return a path of the store, such as {@code /login/token/eyJ…}
     * @throws IllegalArgumentException if the token would be longer than 8 KiB
     */
    public String path(CustomerLoginClaims claims) {
        return PATH + sign(claims);
    }
}
