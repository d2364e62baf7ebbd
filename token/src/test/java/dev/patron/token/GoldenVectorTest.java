package dev.patron.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The platform's own tokens, byte for byte and in both directions. */
class GoldenVectorTest {
    @Test
    void sign_documentedSample_sameBytes() throws Exception {
        CurrentCustomerClaims claims = new CurrentCustomerClaims(
                4927,
                "john.doe@gmail.com",
                "6",
                "abc123",
                Instant.ofEpochSecond(1480831863),
                Instant.ofEpochSecond(1480832763),
                "6sv16tfx3j5gsopm42ss5dd67g2srvq",
                "6sv16tasdgr2b5hs5dd67g2srvq",
                null,
                null);
        assertThat(sign(vector(0), claims)).isEqualTo(vector(0).get("token").asString());
    }

    @Test
    void sign_hostedPlatformsShape_sameBytes() throws Exception {
        CurrentCustomerClaims claims = CurrentCustomerClaims.of(
                "smf27is0yl8d24wmq4v5exmchullqqy",
                "r5s844ad",
                154,
                "test@shopgate.com",
                1,
                Instant.ofEpochSecond(1524127335));
        assertThat(sign(vector(1), claims)).isEqualTo(vector(1).get("token").asString());
    }

    @Test
    void verify_documentedSample_accepts() throws Exception {
        CurrentCustomer customer = CurrentCustomerVerifier.builder(
                        "6sv16tfx3j5gsopm42ss5dd67g2srvq",
                        vector(0).get("secret").asString())
                .expectStore("abc123")
                .allowShortSecret()
                .clock(() -> Instant.ofEpochSecond(1480831863))
                .build()
                .verify(vector(0).get("token").asString());
        assertThat(customer.id()).isEqualTo(4927);
        assertThat(customer.email()).isEqualTo("john.doe@gmail.com");
        assertThat(customer.groupId()).hasValue(6);
        assertThat(customer.storeHash()).isEqualTo("abc123");
        assertThat(customer.clientId()).isEqualTo("6sv16tfx3j5gsopm42ss5dd67g2srvq");
        assertThat(customer.issuedAt()).isEqualTo(Instant.ofEpochSecond(1480831863));
        assertThat(customer.expiresAt()).isEqualTo(Instant.ofEpochSecond(1480832763));
        assertThat(customer.jwtId()).isEmpty();
        assertThat(customer.channelId()).isEmpty();
    }

    @Test
    void verify_hostedPlatformsShape_accepts() throws Exception {
        CurrentCustomer customer = CurrentCustomerVerifier.builder(
                        "smf27is0yl8d24wmq4v5exmchullqqy",
                        vector(1).get("secret").asString())
                .expectStore("r5s844ad")
                .allowShortSecret()
                .clock(() -> Instant.ofEpochSecond(1524127335))
                .build()
                .verify(vector(1).get("token").asString());
        assertThat(customer.id()).isEqualTo(154);
        assertThat(customer.email()).isEqualTo("test@shopgate.com");
        assertThat(customer.groupId()).hasValue(1);
    }

    private static String sign(JsonNode vector, CurrentCustomerClaims claims) {
        JwsAlgorithm algorithm = JwsAlgorithm.valueOf(vector.get("algorithm").asString());
        return CurrentCustomerSigner.create(
                        algorithm, ClientSecret.of(vector.get("secret").asString()))
                .sign(claims);
    }

    private static JsonNode vector(int index) throws IOException {
        try (InputStream file = GoldenVectorTest.class.getResourceAsStream("/vectors/golden.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file)).get(index);
        }
    }
}
