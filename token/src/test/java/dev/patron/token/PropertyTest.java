package dev.patron.token;

import static dev.patron.token.Forge.HEADER_HS256;
import static dev.patron.token.Forge.HEADER_HS512;
import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.PAYLOAD;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.refuse;
import static dev.patron.token.Forge.token;
import static dev.patron.token.Forge.verifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every token. Random ones come from a seed that a failure names; {@code -Dpatron.seed=…} repeats it. */
class PropertyTest {
    private static final long SEED = Long.getLong("patron.seed", System.nanoTime());

    @ParameterizedTest
    @EnumSource(JwsAlgorithm.class)
    void verify_anyBitOfAnyPartFlipped_rejects(JwsAlgorithm algorithm) {
        String header = algorithm == JwsAlgorithm.HS256 ? HEADER_HS256 : HEADER_HS512;
        String token = token(algorithm, SECRET, header, PAYLOAD);
        CurrentCustomerVerifier verifier = verifier().build();
        accept(verifier, token);
        List<String> parts = List.of(token.split("\\.", -1));
        for (int part = 0; part < 3; part++) {
            byte[] bytes = Base64.getUrlDecoder().decode(parts.get(part));
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
                byte[] flipped = bytes.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                List<String> altered = new ArrayList<>(parts);
                altered.set(part, Forge.base64url(flipped));
                refuse(verifier, String.join(".", altered));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(JwsAlgorithm.class)
    void verify_anyBitOfTheTextFlipped_rejects(JwsAlgorithm algorithm) {
        String token = CurrentCustomerSigner.create(algorithm, ClientSecret.of(SECRET))
                .sign(CurrentCustomerClaims.of(Forge.CLIENT_ID, Forge.STORE, 4927, "john.doe@gmail.com", 6, ISSUED_AT));
        CurrentCustomerVerifier verifier = verifier().build();
        accept(verifier, token);
        for (int i = 0; i < token.length(); i++) {
            for (int bit = 0; bit < Character.SIZE; bit++) {
                StringBuilder flipped = new StringBuilder(token);
                flipped.setCharAt(i, (char) (token.charAt(i) ^ (1 << bit)));
                refuse(verifier, flipped.toString());
            }
        }
    }

    @Test
    void verify_anyCharacterInsertedOrRemoved_rejects() {
        String token = token(PAYLOAD);
        CurrentCustomerVerifier verifier = verifier().build();
        accept(verifier, token);
        for (int i = 0; i <= token.length(); i++) {
            for (char c : new char[] {'A', '.', '=', ' ', '\n', '-', '+', 'é'}) {
                refuse(verifier, token.substring(0, i) + c + token.substring(i));
            }
            if (i < token.length()) {
                refuse(verifier, token.substring(0, i) + token.substring(i + 1));
                refuse(verifier, token.substring(0, i));
            }
        }
    }

    @Test
    void signThenVerify_anyClaims_isTheIdentity() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 5_000; i++) {
            CurrentCustomerClaims claims = claims(random);
            JwsAlgorithm algorithm = random.nextBoolean() ? JwsAlgorithm.HS256 : JwsAlgorithm.HS512;
            String secret = text(random, 1 + random.nextInt(100)) + "!".repeat(32);
            String token = CurrentCustomerSigner.create(algorithm, ClientSecret.of(secret))
                    .sign(claims);
            CurrentCustomer customer = accept(
                    CurrentCustomerVerifier.builder(claims.audience(), secret)
                            .expectStore(claims.storeHash())
                            .clock(claims::issuedAt)
                            .build(),
                    token);
            assertThat(customer).as("seed %d, token %s", SEED, token).isEqualTo(expected(claims));
        }
    }

    private static CurrentCustomer expected(CurrentCustomerClaims claims) {
        return new CurrentCustomer(
                claims.customerId(),
                claims.email(),
                Long.parseLong(claims.groupId()),
                claims.storeHash(),
                claims.audience(),
                claims.issuedAt(),
                claims.expiresAt(),
                claims.jwtId(),
                claims.channelId(),
                0);
    }

    private static CurrentCustomerClaims claims(SplittableRandom random) {
        Instant issuedAt = Instant.ofEpochSecond(random.nextLong(253_402_300_000L), random.nextInt(1_000_000_000));
        CurrentCustomerClaims claims = new CurrentCustomerClaims(
                number(random) + 1,
                text(random, 1 + random.nextInt(60)),
                Long.toString(number(random)),
                text(random, 1 + random.nextInt(20)),
                issuedAt,
                issuedAt.plusSeconds(1 + random.nextInt(250)),
                text(random, 1 + random.nextInt(70)),
                text(random, 1 + random.nextInt(70)),
                null,
                null);
        if (random.nextBoolean()) {
            claims = claims.withJwtId(text(random, 1 + random.nextInt(40)));
        }
        return random.nextBoolean() ? claims.withChannelId(number(random) + 1) : claims;
    }

    /** A number of any size from 0 up to one less than the greatest. */
    private static long number(RandomGenerator random) {
        return random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
    }

    /** Text of every kind: plain, control characters, quotes and backslashes, two to four bytes in UTF-8. */
    private static String text(RandomGenerator random, int length) {
        int kind = random.nextInt(4);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int codePoint = switch (kind == 3 ? random.nextInt(3) : kind) {
                case 0 -> random.nextInt(0x20, 0x7f);
                case 1 -> random.nextInt(0x80);
                default -> random.nextInt(Character.MAX_CODE_POINT + 1);
            };
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }

    @Test
    void sign_anyClaims_isWhatAnotherReaderReads() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 1_000; i++) {
            CurrentCustomerClaims claims = claims(random);
            var json =
                    new tools.jackson.databind.ObjectMapper().readTree(new String(ClaimsWriter.write(claims), UTF_8));
            assertThat(json.get("customer").get("email").asString())
                    .as("seed %d", SEED)
                    .isEqualTo(claims.email());
            assertThat(json.get("aud").asString()).isEqualTo(claims.audience());
            assertThat(json.get("application_id").asString()).isEqualTo(claims.applicationId());
        }
    }
}
