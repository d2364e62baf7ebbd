package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Writes claims as the platform does: compact JSON in its order, nothing escaped that needs no escape. */
final class ClaimsWriter {
    private static final String HEX = "0123456789abcdef";

    private ClaimsWriter() {}

    static byte[] write(CurrentCustomerClaims claims) {
        String storeHash = escaped(claims.storeHash());
        String json = "{\"customer\":{\"id\":" + claims.customerId()
                + ",\"email\":\"" + escaped(claims.email())
                + "\",\"group_id\":\"" + claims.groupId()
                + "\"},\"iss\":\"" + CurrentCustomerClaims.ISSUER
                + "\",\"sub\":\"" + storeHash
                + "\",\"iat\":" + claims.issuedAt().getEpochSecond()
                + ",\"exp\":" + claims.expiresAt().getEpochSecond()
                + ",\"version\":" + CurrentCustomerClaims.VERSION
                + ",\"aud\":\"" + escaped(claims.audience())
                + "\",\"application_id\":\"" + escaped(claims.applicationId())
                + "\",\"store_hash\":\"" + storeHash
                + "\",\"operation\":\"" + CurrentCustomerClaims.OPERATION
                + "\"" + extras(claims) + "}";
        return json.getBytes(UTF_8);
    }

    static byte[] write(CustomerLoginClaims claims) {
        String json = "{\"iss\":\"" + escaped(claims.clientId())
                + "\",\"iat\":" + claims.issuedAt().getEpochSecond()
                + ",\"jti\":\"" + escaped(claims.jwtId())
                + "\",\"operation\":\"" + CustomerLoginClaims.OPERATION
                + "\",\"store_hash\":\"" + escaped(claims.storeHash())
                + "\",\"customer_id\":" + claims.customerId()
                + (claims.channelId() == null ? "" : ",\"channel_id\":" + claims.channelId())
                + text("redirect_to", claims.redirectTo())
                + text("request_ip", claims.requestIp()) + "}";
        return json.getBytes(UTF_8);
    }

    private static String text(String name, @Nullable String value) {
        return value == null ? "" : ",\"" + name + "\":\"" + escaped(value) + "\"";
    }

    private static String extras(CurrentCustomerClaims claims) {
        String jwtId = claims.jwtId() == null ? "" : ",\"jti\":\"" + escaped(claims.jwtId()) + "\"";
        String channelId = claims.channelId() == null ? "" : ",\"channel_id\":" + claims.channelId();
        return jwtId + channelId;
    }

    /** The text as it stands between quotes. */
    private static String escaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (needsEscape(text.charAt(i))) {
                StringBuilder escaped = new StringBuilder();
                text.chars().forEach(c -> append(escaped, (char) c));
                return escaped.toString();
            }
        }
        return text;
    }

    /** RFC 8259 section 7. */
    private static boolean needsEscape(char c) {
        return c < ' ' || c == '"' || c == '\\';
    }

    private static void append(StringBuilder escaped, char c) {
        if (!needsEscape(c)) {
            escaped.append(c);
            return;
        }
        escaped.append('\\');
        switch (c) {
            case '\b' -> escaped.append('b');
            case '\t' -> escaped.append('t');
            case '\n' -> escaped.append('n');
            case '\f' -> escaped.append('f');
            case '\r' -> escaped.append('r');
            case '"', '\\' -> escaped.append(c);
            default -> escaped.append("u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
        }
    }
}
