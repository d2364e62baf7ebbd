package dev.patron.server.member;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.security.InvalidKeyException;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app: shows the codes of a key that was typed into it. */
public final class Totp {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final byte[] key;

    private Totp(byte[] key) {
        this.key = key;
    }

    /** With a key in base32; spaces between do not matter. */
    public static Totp of(String base32) {
        String typed = base32.replace(" ", "");
        byte[] bytes = new byte[typed.length() * 5 / 8];
        long buffer = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < typed.length(); i++) {
            buffer = buffer << 5 | BASE32.indexOf(typed.charAt(i));
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (buffer >> bits);
            }
        }
        return new Totp(bytes);
    }

    /** The code of a moment. */
    public String code(Instant at) {
        try {
            TimeBasedOneTimePasswordGenerator generator = new TimeBasedOneTimePasswordGenerator();
            return generator.generateOneTimePasswordString(new SecretKeySpec(key, generator.getAlgorithm()), at);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A code that is no code of a moment, nor of the ones beside it. */
    public String wrongCode(Instant at) {
        for (int i = 0; ; i++) {
            String code = "%06d".formatted(i);
            if (!code.equals(code(at))
                    && !code.equals(code(at.minusSeconds(30)))
                    && !code.equals(code(at.plusSeconds(30)))) {
                return code;
            }
        }
    }
}
