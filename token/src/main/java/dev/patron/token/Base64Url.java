package dev.patron.token;

import java.util.Arrays;
import java.util.Base64;

/**
 * Strict base64url (RFC 7515 section 2, RFC 4648 sections 3.5 and 5): one text for each sequence of bytes, so that nobody
 * can write the same token in another way.
 */
final class Base64Url {
    /** The last character of a group of two carries 4 bits that are no data, of a group of three 2 bits. All must be 0. */
    private static final String ENDS_OF_TWO = "AQgw";

    private static final String ENDS_OF_THREE = "AEIMQUYcgkosw048";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private Base64Url() {}

    static byte[] encode(byte[] bytes) {
        return ENCODER.encode(bytes);
    }

    /** How many characters encode a number of bytes. */
    static int encodedLength(int bytes) {
        return (bytes * 4 + 2) / 3;
    }

    /** Decodes the characters from {@code from} to before {@code to}; {@code part} is their name in messages. */
    static byte[] decode(String part, byte[] text, int from, int to) throws InvalidTokenException {
        if (from == to) {
            return new byte[0];
        }
        char last = (char) text[to - 1];
        if (last == '=') {
            throw malformed(part, "padding");
        }
        boolean cleanEnd = switch ((to - from) % 4) {
            case 2 -> ENDS_OF_TWO.indexOf(last) >= 0;
            case 3 -> ENDS_OF_THREE.indexOf(last) >= 0;
            default -> true;
        };
        if (!cleanEnd) {
            throw malformed(part, "a last character with unused bits set or outside the alphabet");
        }
        try {
            return DECODER.decode(Arrays.copyOfRange(text, from, to));
        } catch (IllegalArgumentException e) {
            throw malformed(part, "a character outside the alphabet, or one character too many or too few");
        }
    }

    private static InvalidTokenException malformed(String part, String found) {
        return InvalidTokenException.malformed("the " + part + " is not strict base64url: it has " + found);
    }
}
