package dev.patron.token;

/**
 * Signs Current Customer tokens with one app's client secret.
 *
 * <p>Signing is deterministic: the same claims give the same token, byte for byte as the platform makes it. The token is
 * signed, not encrypted: whoever sees it can read it.
 *
 * <p>Instances are immutable and safe for use by many threads, virtual ones too; making one costs more than a signature, so
 * keep it for as long as the secret is the same.
 *
 * <pre>{@code
 * CurrentCustomerSigner signer = CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(clientSecret));
 * String token = signer.sign(
 *         CurrentCustomerClaims.of(clientId, "abc123", 4927, "john.doe@gmail.com", 6, clock.instant()));
 * }</pre>
 */
public final class CurrentCustomerSigner {
    private final JwsSigner jws;

    private CurrentCustomerSigner(JwsSigner jws) {
        this.jws = jws;
    }

    /**
     * Makes a signer. It takes a secret of any length: how long a secret has to be is for the one who hands out secrets to
     * say (RFC 7518 section 3.2 asks for 32 bytes with HS256 and 64 with HS512).
     *
     * @param algorithm the algorithm
     * @param secret the app's client secret
     * @return the signer
     * @throws IllegalStateException if the Java run-time lacks the algorithm, which every complete one has
     */
    public static CurrentCustomerSigner create(JwsAlgorithm algorithm, ClientSecret secret) {
        return new CurrentCustomerSigner(new JwsSigner(new HmacKey(algorithm, secret.bytes())));
    }

    /**
     * Makes a token in compact form (RFC 7515 section 7.1).
     *
     * @param claims what the token is to say
     * @return the token: three parts of base64url with dots between them
     * @throws IllegalArgumentException if the token would be longer than 8 KiB, which a verifier refuses
     */
    public String sign(CurrentCustomerClaims claims) {
        return jws.sign(ClaimsWriter.write(claims));
    }
}
