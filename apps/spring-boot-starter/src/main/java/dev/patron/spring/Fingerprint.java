package dev.patron.spring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** SHA-256, so that what is kept or told of a secret text does not lead back to it. */
final class Fingerprint {

    private static final int SECRET_BYTES = 8;

    private Fingerprint() {}

    static String of(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(text));
    }

    /** What the developer portal calls a client secret by: 16 hexadecimal digits. */
    static String ofSecret(String secret) {
        return HexFormat.of().formatHex(sha256(secret), 0, SECRET_BYTES);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
