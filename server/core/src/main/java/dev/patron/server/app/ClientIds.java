package dev.patron.server.app;

import dev.patron.token.ClientSecret;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes client ids and client secrets. */
public final class ClientIds {

    private static final int NEW_LENGTH = 31;
    private static final int SECRET_BYTES = 32;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private ClientIds() {}

    /** A new client id: 31 of {@code [a-z0-9]}, as the platform's. */
    public static String create() {
        StringBuilder id = new StringBuilder(NEW_LENGTH);
        for (int i = 0; i < NEW_LENGTH; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** A new client secret: 64 hexadecimal digits, 256 random bits. */
    static ClientSecret createSecret() {
        byte[] bits = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bits);
        return ClientSecret.of(HexFormat.of().formatHex(bits));
    }
}
