package dev.patron.server.api;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.sql.DataFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The token that lets the operator's command line in. The first start writes it to the data folder, readable by its
 * owner only; {@link #toString()} does not tell it.
 */
public final class OperatorToken {

    /** The token's file in the data folder. */
    public static final String FILE = "operator-token";

    private static final int TOKEN_BYTES = 32;
    private static final int MIN_LENGTH = 32;

    private final byte[] token;

    private OperatorToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The token in the data folder, which the first start makes.
     *
     * @throws InvalidOptionException when the file is damaged: an empty token would let everybody in
     */
    public static OperatorToken of(Options options) {
        Path folder = DataFolder.open(options.get(Options.DATA));
        String token = DataFolder.secret(folder.resolve(FILE), OperatorToken::create);
        if (token.length() < MIN_LENGTH) {
            throw new InvalidOptionException("patron.data: the file " + FILE + " in the data folder is damaged: it must"
                    + " hold at least " + MIN_LENGTH + " characters. Remove it, and the next start makes a new one.");
        }
        return new OperatorToken(token);
    }

    /** Whether this is the token, compared in a time that tells nothing. */
    boolean is(String text) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), token);
    }

    private static String create() {
        byte[] bits = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    @Override
    public String toString() {
        return "OperatorToken[***]";
    }
}
