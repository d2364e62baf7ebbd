package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The other side of {@link JwsVerifier}: puts header, payload and message authentication code together. */
final class JwsSigner {
    private final byte[] header;
    private final HmacKey key;

    JwsSigner(HmacKey key) {
        this.header = key.algorithm().encodedHeader().getBytes(ISO_8859_1);
        this.key = key;
    }

    /**
     * Makes a token in compact form.
     *
     * @throws IllegalArgumentException if the token would be longer than a verifier accepts
     */
    String sign(byte[] claims) {
        byte[] payload = Base64Url.encode(claims);
        int signed = header.length + 1 + payload.length;
        int encodedMacLength = Base64Url.encodedLength(key.algorithm().macLength());
        int length = signed + 1 + encodedMacLength;
        if (length > JwsVerifier.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the token would have " + length + " bytes; at most " + JwsVerifier.MAX_LENGTH + " are accepted");
        }
        byte[] token = new byte[length];
        System.arraycopy(header, 0, token, 0, header.length);
        token[header.length] = '.';
        System.arraycopy(payload, 0, token, header.length + 1, payload.length);
        token[signed] = '.';
        byte[] mac = Base64Url.encode(key.mac(token, signed));
        System.arraycopy(mac, 0, token, signed + 1, encodedMacLength);
        return new String(token, ISO_8859_1);
    }
}
