package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Writes claims as the platform does: compact JSON in its order, nothing escaped that needs no escape. */
final class ClaimsWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

    private static final byte[] CUSTOMER_ID = "{\"customer\":{\"id\":".getBytes(ISO_8859_1);
    private static final byte[] EMAIL = ",\"email\":".getBytes(ISO_8859_1);
    private static final byte[] GROUP_ID = ",\"group_id\":".getBytes(ISO_8859_1);
    private static final byte[] ISSUER_AND_SUBJECT =
            ("},\"iss\":\"" + CurrentCustomerClaims.ISSUER + "\",\"sub\":").getBytes(ISO_8859_1);
    private static final byte[] ISSUED_AT = ",\"iat\":".getBytes(ISO_8859_1);
    private static final byte[] EXPIRES_AT = ",\"exp\":".getBytes(ISO_8859_1);
    private static final byte[] VERSION_AND_AUDIENCE =
            (",\"version\":" + CurrentCustomerClaims.VERSION + ",\"aud\":").getBytes(ISO_8859_1);
    private static final byte[] APPLICATION_ID = ",\"application_id\":".getBytes(ISO_8859_1);
    private static final byte[] STORE_HASH = ",\"store_hash\":".getBytes(ISO_8859_1);
    private static final byte[] OPERATION =
            (",\"operation\":\"" + CurrentCustomerClaims.OPERATION + "\"").getBytes(ISO_8859_1);
    private static final byte[] JWT_ID = ",\"jti\":".getBytes(ISO_8859_1);
    private static final byte[] CHANNEL_ID = ",\"channel_id\":".getBytes(ISO_8859_1);
    private static final byte[] END = "}".getBytes(ISO_8859_1);

    private byte[] json = new byte[512];
    private int length;

    private ClaimsWriter() {}

    static byte[] write(CurrentCustomerClaims claims) {
        ClaimsWriter to = new ClaimsWriter();
        to.raw(CUSTOMER_ID).number(claims.customerId());
        to.raw(EMAIL).text(claims.email());
        to.raw(GROUP_ID).text(claims.groupId());
        to.raw(ISSUER_AND_SUBJECT).text(claims.storeHash());
        to.raw(ISSUED_AT).number(claims.issuedAt().getEpochSecond());
        to.raw(EXPIRES_AT).number(claims.expiresAt().getEpochSecond());
        to.raw(VERSION_AND_AUDIENCE).text(claims.audience());
        to.raw(APPLICATION_ID).text(claims.applicationId());
        to.raw(STORE_HASH).text(claims.storeHash());
        to.raw(OPERATION);
        if (claims.jwtId() != null) {
            to.raw(JWT_ID).text(claims.jwtId());
        }
        if (claims.channelId() != null) {
            to.raw(CHANNEL_ID).number(claims.channelId());
        }
        to.raw(END);
        return Arrays.copyOf(to.json, to.length);
    }

    private ClaimsWriter raw(byte[] bytes) {
        makeRoom(bytes.length);
        System.arraycopy(bytes, 0, json, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private void number(long number) {
        raw(Long.toString(number).getBytes(ISO_8859_1));
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        makeRoom(6 * utf8.length + 2);
        json[length++] = '"';
        for (byte b : utf8) {
            if (b == '"' || b == '\\') {
                json[length++] = '\\';
                json[length++] = b;
            } else if (b >= 0 && b < ' ') {
                control(b);
            } else {
                json[length++] = b;
            }
        }
        json[length++] = '"';
    }

    /** Escapes a control character (RFC 8259 section 7). */
    private void control(byte b) {
        json[length++] = '\\';
        switch (b) {
            case '\b' -> json[length++] = 'b';
            case '\t' -> json[length++] = 't';
            case '\n' -> json[length++] = 'n';
            case '\f' -> json[length++] = 'f';
            case '\r' -> json[length++] = 'r';
            default -> {
                json[length++] = 'u';
                json[length++] = '0';
                json[length++] = '0';
                json[length++] = HEX[b >> 4];
                json[length++] = HEX[b & 0xf];
            }
        }
    }

    private void makeRoom(int bytes) {
        if (json.length - length < bytes) {
            json = Arrays.copyOf(json, Math.max(2 * json.length, length + bytes));
        }
    }
}
