package dev.patron.token;

import static dev.patron.token.Forge.CLIENT_ID;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.STORE;
import static dev.patron.token.Forge.accept;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two other libraries read what we sign, and we read what they sign. */
class InteropTest {
    private static final byte[] KEY = SECRET.getBytes(UTF_8);
    private static final String EMAIL = "jörg+\"quoted\"@exämple.com";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final CurrentCustomerClaims claims =
            CurrentCustomerClaims.of(CLIENT_ID, STORE, 4927, EMAIL, 6, now).withJwtId("token-1");
    private final CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
            .expectStore(STORE)
            .clock(() -> now)
            .build();

    @ParameterizedTest
    @EnumSource(JwsAlgorithm.class)
    void sign_nimbusVerifies(JwsAlgorithm algorithm) throws Exception {
        SignedJWT jwt = SignedJWT.parse(sign(algorithm));
        assertThat(jwt.verify(new MACVerifier(KEY))).isTrue();
        assertThat(jwt.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.parse(algorithm.name()));
        JWTClaimsSet read = jwt.getJWTClaimsSet();
        assertThat(read.getJSONObjectClaim("customer")).isEqualTo(Map.of("id", 4927L, "email", EMAIL, "group_id", "6"));
        assertThat(read.getAudience()).isEqualTo(List.of(CLIENT_ID));
        assertThat(read.getIssueTime()).isEqualTo(Date.from(now));
        assertThat(read.getExpirationTime()).isEqualTo(Date.from(now.plusSeconds(900)));
    }

    @ParameterizedTest
    @EnumSource(JwsAlgorithm.class)
    void sign_javaJwtVerifies(JwsAlgorithm algorithm) {
        DecodedJWT jwt = JWT.require(javaJwt(algorithm))
                .withIssuer("bc/apps")
                .withAudience(CLIENT_ID)
                .withSubject(STORE)
                .withClaim("operation", "current_customer")
                .build()
                .verify(sign(algorithm));
        assertThat(jwt.getClaim("customer").asMap()).containsEntry("email", EMAIL);
        assertThat(jwt.getId()).isEqualTo("token-1");
    }

    @ParameterizedTest
    @EnumSource(JwsAlgorithm.class)
    void verify_nimbusSigned_accepts(JwsAlgorithm algorithm) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.parse(algorithm.name()))
                        .keyID("1")
                        .build(),
                new JWTClaimsSet.Builder()
                        .claim("customer", customer())
                        .issuer("bc/apps")
                        .subject(STORE)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(900)))
                        .claim("version", 1)
                        .audience(List.of(CLIENT_ID, "another"))
                        .claim("store_hash", STORE)
                        .claim("operation", "current_customer")
                        .jwtID("token-1")
                        .build());
        jwt.sign(new MACSigner(KEY));
        assertThat(accept(verifier, jwt.serialize())).isEqualTo(accept(verifier, sign(algorithm)));
    }

    @ParameterizedTest
    @EnumSource(JwsAlgorithm.class)
    void verify_javaJwtSigned_accepts(JwsAlgorithm algorithm) {
        String token = JWT.create()
                .withClaim("customer", customer())
                .withIssuer("bc/apps")
                .withSubject(STORE)
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(900))
                .withClaim("version", 1)
                .withAudience(CLIENT_ID)
                .withClaim("store_hash", STORE)
                .withClaim("operation", "current_customer")
                .withJWTId("token-1")
                .sign(javaJwt(algorithm));
        assertThat(accept(verifier, token)).isEqualTo(accept(verifier, sign(algorithm)));
    }

    private String sign(JwsAlgorithm algorithm) {
        return CurrentCustomerSigner.create(algorithm, ClientSecret.of(SECRET)).sign(claims);
    }

    private static Map<String, Object> customer() {
        return Map.of("id", 4927, "email", EMAIL, "group_id", "6");
    }

    private static Algorithm javaJwt(JwsAlgorithm algorithm) {
        return algorithm == JwsAlgorithm.HS256 ? Algorithm.HMAC256(KEY) : Algorithm.HMAC512(KEY);
    }
}
