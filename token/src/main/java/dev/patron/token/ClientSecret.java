package dev.patron.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An app's client secret: the key its tokens are signed with.
 *
 * <p>The key is the text itself in UTF-8. A secret of 64 hexadecimal digits is therefore a key of 64 bytes, not of 32.
 *
 * <p>Printing a secret prints {@code ***}; only {@link #reveal()} tells it. Instances are immutable and safe for use by
 * many threads.
 */
public final class ClientSecret {
    private final String text;
    private final byte[] bytes;

    private ClientSecret(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Takes a secret as the developer portal shows it. Nothing is trimmed or decoded.
     *
     * @param text the secret; any length but zero, because an empty key would let anyone sign
     * @return the secret
     * @throws IllegalArgumentException if the text is empty, or has an unpaired surrogate and so no UTF-8 form
     */
    public static ClientSecret of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a client secret may not be empty: anyone could sign with it");
        }
        if (!Text.isWellFormed(text)) {
            throw new IllegalArgumentException("a client secret may not contain an unpaired surrogate");
        }
        return new ClientSecret(text);
    }

    /**
     * Tells the secret. Every use of this method deserves a second look.
     *
     * @return the text it was made of
     */
    public String reveal() {
        return text;
    }

    /**
     * Tells how long the key is. HS256 wants at least 32 bytes, HS512 at least 64 (RFC 7518 section 3.2); older apps of the
     * platform have 31.
     *
     * @return the length of the text's UTF-8 form, in bytes
     */
    public int length() {
        return bytes.length;
    }

    /** The key itself; never handed out of this package and never written to. */
    byte[] bytes() {
        return bytes;
    }

    /** Compares without telling by its duration where two secrets differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ClientSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /**
     * Hides the secret.
     *
     * @return {@code ***}
     */
    @Override
    public String toString() {
        return "***";
    }
}
