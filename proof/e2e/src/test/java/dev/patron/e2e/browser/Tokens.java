package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** Judges tokens with a JWT library that is not ours. */
final class Tokens {

    private Tokens() {}

    /** When a token was issued, once it is proven to be the demo customer's, for the demo app. */
    static Instant verify(String token) {
        try {
            JWSObject jws = JWSObject.parse(token);
            assertThat(jws.verify(new MACVerifier(Sandbox.SECRET.getBytes(StandardCharsets.UTF_8))))
                    .as("the signature of %s", token)
                    .isTrue();
            assertThat(jws.getHeader().toBase64URL().decodeToString()).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
            Map<String, Object> claims = jws.getPayload().toJSONObject();
            assertThat(claims)
                    .containsOnlyKeys(
                            "customer",
                            "iss",
                            "sub",
                            "iat",
                            "exp",
                            "version",
                            "aud",
                            "application_id",
                            "store_hash",
                            "operation")
                    .containsEntry("customer", Map.of("id", 4927L, "email", Sandbox.EMAIL, "group_id", "6"))
                    .containsEntry("iss", "bc/apps")
                    .containsEntry("sub", "abc123")
                    .containsEntry("version", 1L)
                    .containsEntry("aud", Sandbox.CLIENT_ID)
                    .containsEntry("application_id", Sandbox.CLIENT_ID)
                    .containsEntry("store_hash", "abc123")
                    .containsEntry("operation", "current_customer");
            assertThat(seconds(claims, "exp")).isEqualTo(seconds(claims, "iat") + 900);
            return Instant.ofEpochSecond(seconds(claims, "iat"));
        } catch (ParseException | JOSEException malformed) {
            throw new AssertionError("Not a token: " + token, malformed);
        }
    }

    private static long seconds(Map<String, Object> claims, String name) {
        return (long) Objects.requireNonNull(claims.get(name), name);
    }
}
