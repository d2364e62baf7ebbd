package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
    private final byte[] header;
    private final HmacKey key;

    private CurrentCustomerSigner(HmacKey key) {
        this.header = key.algorithm().encodedHeader().getBytes(ISO_8859_1);
        this.key = key;
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
        return new CurrentCustomerSigner(new HmacKey(algorithm, secret.bytes()));
    }

    /**
     * Makes a token in compact form (RFC 7515 section 7.1).
     *
     * @param claims what the token is to say
     * @return the token: three parts of base64url with dots between them
     * @throws IllegalArgumentException if the token would be longer than 8 KiB, which a verifier refuses
     */
    public String sign(CurrentCustomerClaims claims) {
        byte[] payload = Base64Url.encode(ClaimsWriter.write(claims));
        int signed = header.length + 1 + payload.length;
        int encodedMacLength = Base64Url.encodedLength(key.algorithm().macLength());
        int length = signed + 1 + encodedMacLength;
        if (length > JwsVerifier.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the token would have " + length + " bytes; at most " + JwsVerifier.MAX_LENGTH + " are accepted");
        }
        byte[] token = new byte[length];
        System.arraycopy(header, 0, token, 0, header.length);
        token[header.length] = '.';
        System.arraycopy(payload, 0, token, header.length + 1, payload.length);
        token[signed] = '.';
        byte[] mac = Base64Url.encode(key.mac(token, signed));
        System.arraycopy(mac, 0, token, signed + 1, encodedMacLength);
        return new String(token, ISO_8859_1);
    }
}
