package dev.patron.server.app;

import dev.patron.token.ClientSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What may be known of a client secret after it was shown once.
 *
 * @param id never used twice
 * @param signsFrom when it begins to sign; only while it is {@link State#NEXT}, and only if that is decided
 * @param fingerprint 16 hexadecimal digits that tell which secret it is without telling it; see {@link #fingerprint}
 * @param length in bytes; verifiers accept less than 32 only when they are told to
 * @param lastSignedAt when it last signed a token
 * @param lastVerifiedAt when a verifier last reported that a token was signed with it
 */
public record AppSecret(
        long id,
        State state,
        Optional<Instant> signsFrom,
        Instant createdAt,
        String fingerprint,
        int length,
        Optional<Instant> lastSignedAt,
        Optional<Instant> lastVerifiedAt) {

    /** The length below which a secret is weak (RFC 7518 section 3.2 for HS256). */
    public static final int STRONG_LENGTH = 32;

    private static final int FINGERPRINT_BYTES = 8;

    /** What a secret is used for. */
    public enum State {
        /** Newer than the one that signs, and not signing yet. */
        NEXT,
        /** Tokens are signed with it. Exactly one secret of an app is in this state. */
        SIGNING,
        /** Older than the one that signs; the app's verifier may still list it. */
        PREVIOUS
    }

    /** Whether it is shorter than HS256 wants. */
    public boolean weak() {
        return length < STRONG_LENGTH;
    }

    /** The first 64 bits of a secret's SHA-256, in hexadecimal. */
    public static String fingerprint(ClientSecret secret) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
