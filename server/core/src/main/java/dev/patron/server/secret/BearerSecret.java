package dev.patron.server.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * 256 random bits that let their bearer in: the session id in a browser's cookie, a one-time link, a personal access
 * token. Storage knows only the {@link #hash()}, so a copy of the database lets nobody in. {@link #toString()} does not
 * tell it. Immutable.
 */
public final class BearerSecret {

    private static final int BYTES = 32;
    private static final int CHARACTERS = 43; // base64url of 32 bytes, without padding
    private static final int FINGERPRINT_BYTES = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;
    private final String place;

    private BearerSecret(String text, String place) {
        this.text = text;
        this.place = place;
    }

    /** A new secret, unlike any other. */
    public static BearerSecret create() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return new BearerSecret(Base64.getUrlEncoder().withoutPadding().encodeToString(bits), "");
    }

    /** The secret that somebody shows, if it has the form of one: 43 characters of base64url (RFC 4648 section 5). */
    public static Optional<BearerSecret> parse(String value) {
        if (value.length() != CHARACTERS) {
            return Optional.empty();
        }
        for (int i = 0; i < CHARACTERS; i++) {
            char c = value.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit && c != '-' && c != '_') {
                return Optional.empty();
            }
        }
        return Optional.of(new BearerSecret(value, ""));
    }

    /**
     * The same secret, but of use in one place only: it has another hash. Whoever knows it cannot show it elsewhere.
     *
     * @param place where it is shown, in ASCII
     */
    public BearerSecret onlyIn(String place) {
        return new BearerSecret(text, place);
    }

    /** What storage keeps instead of the secret. */
    public SecretHash hash() {
        byte[] ascii = (text + place).getBytes(StandardCharsets.US_ASCII);
        try {
            return SecretHash.of(MessageDigest.getInstance("SHA-256").digest(ascii));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /**
     * Tells this secret from others, without letting anybody in: 16 hexadecimal digits of a hash that storage does not have. For
     * a page that its bearer sees.
     */
    public String fingerprint() {
        return HexFormat.of().formatHex(onlyIn("fingerprint").hash().toBytes(), 0, FINGERPRINT_BYTES);
    }

    /** The secret itself, for whom it is made. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BearerSecret secret && hash().equals(secret.hash());
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return "BearerSecret[***]";
    }
}
