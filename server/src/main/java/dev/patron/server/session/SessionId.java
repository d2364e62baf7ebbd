package dev.patron.server.session;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The secret that a browser keeps in its cookie: 256 random bits. Storage knows only its {@link #hash()}, so a copy of
 * the database opens no session. {@link #toString()} does not tell it.
 */
public final class SessionId {

    private static final int BYTES = 32;
    private static final int CHARACTERS = 43; // base64url of 32 bytes, without padding
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private SessionId(String text) {
        this.text = text;
    }

    /** A new id, unlike any other. */
    static SessionId create() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** The id in a cookie's value, if it has the form of one. */
    public static Optional<SessionId> parse(String value) {
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
        return Optional.of(new SessionId(value));
    }

    /** What storage keeps instead of the id. */
    public SessionHash hash() {
        byte[] ascii = new byte[CHARACTERS];
        for (int i = 0; i < CHARACTERS; i++) {
            ascii[i] = (byte) text.charAt(i);
        }
        try {
            return SessionHash.of(MessageDigest.getInstance("SHA-256").digest(ascii));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** The id itself, for the cookie. */
    String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionId id && hash().equals(id.hash());
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return "SessionId[***]";
    }
}
