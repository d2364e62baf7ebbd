package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patron.token.InvalidTokenException.Reason;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens by other means than the code under test, so that one bug can't hide another. */
final class Forge {
    static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    static final String SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    static final String STORE = "abc123";
    static final Instant ISSUED_AT = Instant.ofEpochSecond(1480831863);

    static final String HEADER_HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    static final String HEADER_HS512 = "{\"typ\":\"JWT\",\"alg\":\"HS512\"}";
    static final String PAYLOAD = "{\"customer\":{\"id\":4927,\"email\":\"john.doe@gmail.com\",\"group_id\":\"6\"},"
            + "\"iss\":\"bc/apps\",\"sub\":\"abc123\",\"iat\":1480831863,\"exp\":1480832763,\"version\":1,"
            + "\"aud\":\"6sv16tfx3j5gsopm42ss5dd67g2srvq\",\"application_id\":\"6sv16tfx3j5gsopm42ss5dd67g2srvq\","
            + "\"store_hash\":\"abc123\",\"operation\":\"current_customer\"}";

    private Forge() {}

    /** A genuine token with this payload. */
    static String token(String payload) {
        return token(JwsAlgorithm.HS256, SECRET, HEADER_HS256, payload);
    }

    /** A token that is signed with the algorithm, whatever its header says. */
    static String token(JwsAlgorithm algorithm, String secret, String header, String payload) {
        return token(algorithm, secret, header.getBytes(UTF_8), payload.getBytes(UTF_8));
    }

    static String token(JwsAlgorithm algorithm, String secret, byte[] header, byte[] payload) {
        return signed(algorithm, secret, base64url(header) + "." + base64url(payload));
    }

    static String signed(JwsAlgorithm algorithm, String secret, String signingInput) {
        return signingInput + "." + base64url(mac(algorithm, secret.getBytes(UTF_8), signingInput));
    }

    static byte[] mac(JwsAlgorithm algorithm, byte[] key, String signingInput) {
        String name = algorithm == JwsAlgorithm.HS256 ? "HmacSHA256" : "HmacSHA512";
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key, name));
            return mac.doFinal(signingInput.getBytes(ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String base64url(String text) {
        return base64url(text.getBytes(UTF_8));
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The builder of a verifier that accepts {@link #token}{@code (PAYLOAD)} in the second it was issued. */
    static CurrentCustomerVerifier.Builder verifier() {
        return verifierAt(ISSUED_AT);
    }

    static CurrentCustomerVerifier.Builder verifierAt(Instant now) {
        return CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                .expectStore(STORE)
                .clock(() -> now);
    }

    /** The payload with one thing changed. */
    static String payloadWith(String found, String replacement) {
        assertThat(PAYLOAD).containsOnlyOnce(found);
        return PAYLOAD.replace(found, replacement);
    }

    /** The payload with members added at its end. */
    static String payloadPlus(String members) {
        return PAYLOAD.substring(0, PAYLOAD.length() - 1) + "," + members + "}";
    }

    static CurrentCustomer accept(CurrentCustomerVerifier verifier, String token) {
        try {
            return verifier.verify(token);
        } catch (InvalidTokenException e) {
            throw new AssertionError(e.reason() + ": " + e.getMessage(), e);
        }
    }

    static InvalidTokenException refuse(CurrentCustomerVerifier verifier, String token) {
        InvalidTokenException refusal = catchThrowableOfType(InvalidTokenException.class, () -> verifier.verify(token));
        assertThat(refusal).as("the token has to be refused").isNotNull();
        assertThat(refusal.getMessage()).isPrintable().hasSizeLessThan(500);
        for (String secret : List.of(SECRET, token, "john.doe@gmail.com")) {
            if (secret.length() > 10) {
                assertThat(refusal.getMessage()).doesNotContain(secret);
            }
        }
        return refusal;
    }

    /** Proves that the verifier accepts the one token and refuses the other for the reason; returns the message. */
    static String refuseTwin(CurrentCustomerVerifier verifier, String accepted, String refused, Reason reason) {
        accept(verifier, accepted);
        assertThat(refused).isNotEqualTo(accepted);
        InvalidTokenException refusal = refuse(verifier, refused);
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
        return String.valueOf(refusal.getMessage());
    }

    /** Proves that a genuine token with this payload is refused for the reason, and returns the message. */
    static String refusePayload(String payload, Reason reason) {
        return refuseTwin(verifier().build(), token(PAYLOAD), token(payload), reason);
    }

    /** Proves that a genuine token with this header is refused for the reason, and returns the message. */
    static String refuseHeader(String header, Reason reason) {
        return refuseTwin(
                verifier().build(), token(PAYLOAD), token(JwsAlgorithm.HS256, SECRET, header, PAYLOAD), reason);
    }
}
