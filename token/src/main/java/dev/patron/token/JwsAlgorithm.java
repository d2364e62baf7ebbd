package dev.patron.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The two algorithms a Current Customer token may be signed with.
 *
 * <p>Both are message authentication codes under the app's client secret: whoever can verify such a token could also have
 * made it. The platform's documentation shows HS256; the hosted platform has been seen to sign with HS512. A verifier
 * accepts both unless told otherwise; an issuer chooses one for each app.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.2">RFC 7518 section 3.2</a>
 */
public enum JwsAlgorithm {
    /** HMAC with SHA-256: a code of 32 bytes. Its tokens' header is {@code {"alg":"HS256","typ":"JWT"}}. */
    HS256("SHA-256", 64, 32, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"),

    /** HMAC with SHA-512: a code of 64 bytes. Its tokens' header is {@code {"typ":"JWT","alg":"HS512"}}. */
    HS512("SHA-512", 128, 64, "{\"typ\":\"JWT\",\"alg\":\"HS512\"}");

    private final String digestName;
    private final int blockLength;
    private final int macLength;
    private final String encodedHeader;

    JwsAlgorithm(String digestName, int blockLength, int macLength, String header) {
        this.digestName = digestName;
        this.blockLength = blockLength;
        this.macLength = macLength;
        this.encodedHeader =
                Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.US_ASCII));
    }

    /** The name under which {@link java.security.MessageDigest} knows its hash function. */
    String digestName() {
        return digestName;
    }

    /** The length of the blocks that its hash function works on, in bytes: HMAC's {@code B} (RFC 2104 section 2). */
    int blockLength() {
        return blockLength;
    }

    /** The length of its code, in bytes. */
    int macLength() {
        return macLength;
    }

    /** The first part of every token signed with it, byte for byte as the platform sends it. */
    String encodedHeader() {
        return encodedHeader;
    }
}
