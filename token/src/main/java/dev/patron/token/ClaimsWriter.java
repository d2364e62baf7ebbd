package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes claims as the platform does: compact JSON in its order, nothing escaped that needs no escape. */
final class ClaimsWriter {
    private static final String HEX = "0123456789abcdef";
    private static final String ISSUER = "},\"iss\":\"" + CurrentCustomerClaims.ISSUER + "\"";
    private static final String VERSION = ",\"version\":" + CurrentCustomerClaims.VERSION;
    private static final String OPERATION = ",\"operation\":\"" + CurrentCustomerClaims.OPERATION + "\"";

    private final StringBuilder json = new StringBuilder(512);

    private ClaimsWriter() {}

    static byte[] write(CurrentCustomerClaims claims) {
        ClaimsWriter to = new ClaimsWriter();
        to.json.append("{\"customer\":{\"id\":").append(claims.customerId());
        to.text(",\"email\":", claims.email());
        to.json.append(",\"group_id\":\"").append(claims.groupId()).append('"');
        to.json.append(ISSUER);
        to.text(",\"sub\":", claims.storeHash());
        to.json.append(",\"iat\":").append(claims.issuedAt().getEpochSecond());
        to.json.append(",\"exp\":").append(claims.expiresAt().getEpochSecond());
        to.json.append(VERSION);
        to.text(",\"aud\":", claims.audience());
        to.text(",\"application_id\":", claims.applicationId());
        to.text(",\"store_hash\":", claims.storeHash());
        to.json.append(OPERATION);
        if (claims.jwtId() != null) {
            to.text(",\"jti\":", claims.jwtId());
        }
        if (claims.channelId() != null) {
            to.json.append(",\"channel_id\":").append(claims.channelId().longValue());
        }
        return to.json.append('}').toString().getBytes(UTF_8);
    }

    private void text(String name, String text) {
        json.append(name).append('"');
        if (needsNoEscape(text)) {
            json.append(text);
        } else {
            text.chars().forEach(c -> escaped((char) c));
        }
        json.append('"');
    }

    private static boolean needsNoEscape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Writes a character, escaped if RFC 8259 section 7 demands it. */
    private void escaped(char c) {
        switch (c) {
            case '"', '\\' -> json.append('\\').append(c);
            case '\b' -> json.append("\\b");
            case '\t' -> json.append("\\t");
            case '\n' -> json.append("\\n");
            case '\f' -> json.append("\\f");
            case '\r' -> json.append("\\r");
            default -> {
                if (c < ' ') {
                    json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
                } else {
                    json.append(c);
                }
            }
        }
    }
}
