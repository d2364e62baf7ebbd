package dev.patron.token;

import static dev.patron.token.Forge.CLIENT_ID;
import static dev.patron.token.Forge.HEADER_HS256;
import static dev.patron.token.Forge.HEADER_HS512;
import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.PAYLOAD;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.payloadPlus;
import static dev.patron.token.Forge.payloadWith;
import static dev.patron.token.Forge.refuse;
import static dev.patron.token.Forge.refuseHeader;
import static dev.patron.token.Forge.refusePayload;
import static dev.patron.token.Forge.refuseTwin;
import static dev.patron.token.Forge.token;
import static dev.patron.token.Forge.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurrentCustomerVerifierTest {
    private static final String OTHER_SECRET = "another-secret-of-more-than-32-bytes";

    @Test
    void verify_genuineToken_tellsEverything() {
        CurrentCustomer customer = accept(
                verifier().build(), token(payloadPlus("\"jti\":\"token-1\",\"channel_id\":3,\"new\":{\"a\":[]}")));
        assertThat(customer.id()).isEqualTo(4927);
        assertThat(customer.email()).isEqualTo("john.doe@gmail.com");
        assertThat(customer.groupId()).hasValue(6);
        assertThat(customer.storeHash()).isEqualTo("abc123");
        assertThat(customer.clientId()).isEqualTo(CLIENT_ID);
        assertThat(customer.issuedAt()).isEqualTo(ISSUED_AT);
        assertThat(customer.expiresAt()).isEqualTo(ISSUED_AT.plusSeconds(900));
        assertThat(customer.jwtId()).contains("token-1");
        assertThat(customer.channelId()).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\"}",
                "{\"typ\":\"jwt\",\"alg\":\"HS256\"}",
                "{\"typ\":\"Jwt\",\"alg\":\"HS256\",\"kid\":\"1\",\"x\":[1,{}]}",
                "\r\n\t { \"alg\" : \"HS256\" } ",
                "{\"\\u0061lg\":\"HS\\u00325\\u0036\"}",
            })
    void verify_headerOfRealIssuers_accepts(String header) {
        accept(verifier().build(), token(JwsAlgorithm.HS256, SECRET, header, PAYLOAD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"typ\":\"JWT\"}",
                "\"HS256\"",
                "{\"alg\":\"HS256\"}x",
                "{\"alg\":\"HS256\"",
                "{\"alg\":256}",
                "{\"alg\":[\"HS256\"]}",
                "{\"alg\":\"HS256\",\"typ\":1}",
                "{\"alg\":\"HS256\",\"typ\":null}",
                "{\"alg\":\"HS256\",\"typ\":\"JWS\"}",
                "{\"alg\":\"HS256\",\"typ\":\"\"}",
            })
    void verify_unusableHeader_rejects(String header) {
        String message = refuseHeader(
                header,
                header.equals("{}") || header.equals("{\"typ\":\"JWT\"}")
                        ? Reason.UNSUPPORTED_ALGORITHM
                        : Reason.MALFORMED);
        assertThat(message).contains("header");
    }

    @Test
    void verify_groupId_asStringOrNumberOrNone() {
        assertThat(accept(verifier().build(), token(payloadWith("\"6\"", "6"))).groupId())
                .hasValue(6);
        assertThat(accept(verifier().build(), token(payloadWith("\"6\"", "6.0")))
                        .groupId())
                .hasValue(6);
        assertThat(accept(verifier().build(), token(payloadWith("\"6\"", "\"0\"")))
                        .groupId())
                .isEmpty();
        assertThat(accept(verifier().build(), token(payloadWith("\"6\"", "0"))).groupId())
                .isEmpty();
        assertThat(accept(verifier().build(), token(payloadWith("\"6\"", "\"9223372036854775807\"")))
                        .groupId())
                .hasValue(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"06\"",
                "\"-1\"",
                "-1",
                "\"six\"",
                "\"6.0\"",
                "null",
                "true",
                "[]",
                "{}",
                "\"9223372036854775808\""
            })
    void verify_groupIdOfNoUse_rejects(String groupId) {
        assertThat(refusePayload(payloadWith("\"6\"", groupId), Reason.INVALID_CUSTOMER))
                .isEqualTo(
                        "the claim customer has no group_id that is a decimal number of 0 or more, as a string or a number");
    }

    @Test
    void verify_customerIncomplete_rejects() {
        assertThat(refusePayload(payloadWith("\"id\":4927", "\"id\":\"4927\""), Reason.INVALID_CUSTOMER))
                .isEqualTo("the claim customer has no id that is a number of 1 or more");
        assertThat(refusePayload(payloadWith("john.doe@gmail.com", ""), Reason.INVALID_CUSTOMER))
                .isEqualTo("the claim customer has no email that is a string and not empty");
        refusePayload(payloadWith("\"john.doe@gmail.com\"", "null"), Reason.INVALID_CUSTOMER);
        refusePayload(payloadWith("\"email\":\"john.doe@gmail.com\",", ""), Reason.INVALID_CUSTOMER);
        refusePayload(payloadWith(",\"group_id\":\"6\"", ""), Reason.INVALID_CUSTOMER);
        for (String noObject : List.of("null", "4927", "\"john\"", "[]", "true")) {
            refusePayload(
                    payloadWith("{\"id\":4927,\"email\":\"john.doe@gmail.com\",\"group_id\":\"6\"}", noObject),
                    Reason.INVALID_CUSTOMER);
        }
        accept(verifier().build(), token(payloadWith("4927", "1")));
    }

    @Test
    void verify_audience_asArrayThatContainsUs() {
        String aud = "\"aud\":\"" + CLIENT_ID + "\"";
        accept(verifier().build(), token(payloadWith(aud, "\"aud\":[\"" + CLIENT_ID + "\"]")));
        accept(verifier().build(), token(payloadWith(aud, "\"aud\":[\"other\",\"" + CLIENT_ID + "\"]")));
        assertThat(refusePayload(payloadWith(aud, "\"aud\":[\"other\",\"third\"]"), Reason.WRONG_AUDIENCE))
                .isEqualTo("the claim aud is \"other\"; expected \"" + CLIENT_ID + "\"");
        assertThat(refusePayload(payloadWith(aud, "\"aud\":[]"), Reason.WRONG_AUDIENCE))
                .isEqualTo("the claim aud is none; expected \"" + CLIENT_ID + "\"");
        refusePayload(
                payloadWith(aud, "\"aud\":\"" + CLIENT_ID.toUpperCase(java.util.Locale.ROOT) + "\""),
                Reason.WRONG_AUDIENCE);
        refusePayload(payloadWith(aud, "\"aud\":[1,\"" + CLIENT_ID + "\"]"), Reason.MALFORMED);
        refusePayload(payloadWith(aud, "\"aud\":null"), Reason.MALFORMED);
    }

    @Test
    void verify_applicationId_doesNotMatter() {
        accept(
                verifier().build(),
                token(payloadWith("\"application_id\":\"" + CLIENT_ID, "\"application_id\":\"other")));
        accept(verifier().build(), token(payloadWith("\"application_id\":\"" + CLIENT_ID + "\",", "")));
    }

    @Test
    void verify_constantsMissing_rejects() {
        assertThat(refusePayload(payloadWith("\"iss\":\"bc/apps\",", ""), Reason.WRONG_ISSUER))
                .isEqualTo("the claim iss is none; expected \"bc/apps\"");
        assertThat(refusePayload(payloadWith(",\"operation\":\"current_customer\"", ""), Reason.WRONG_OPERATION))
                .isEqualTo("the claim operation is none; expected \"current_customer\"");
        assertThat(refusePayload(payloadWith("\"version\":1,", ""), Reason.WRONG_VERSION))
                .isEqualTo("the claim version is none; expected 1");
        assertThat(refusePayload(payloadWith("\"version\":1,", "\"version\":2,"), Reason.WRONG_VERSION))
                .isEqualTo("the claim version is 2; expected 1");
    }

    @Test
    void verify_storeMissing_rejects() {
        assertThat(refusePayload(payloadWith("\"sub\":\"abc123\",", ""), Reason.WRONG_STORE))
                .isEqualTo("the claims sub and store_hash are none and \"abc123\"; expected the same store in both");
        refusePayload(payloadWith("\"store_hash\":\"abc123\",", ""), Reason.WRONG_STORE);
        refusePayload(
                PAYLOAD.replace("\"sub\":\"abc123\",", "").replace("\"store_hash\":\"abc123\",", ""),
                Reason.WRONG_STORE);
        assertThat(refusePayload(PAYLOAD.replace("abc123", "xyz789"), Reason.WRONG_STORE))
                .isEqualTo("the token's store is \"xyz789\"; expected \"abc123\"");
        CurrentCustomerVerifier any = CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                .allowAnyStore()
                .clock(() -> ISSUED_AT)
                .build();
        refuseTwin(
                any, token(PAYLOAD.replace("abc123", "x")), token(PAYLOAD.replace("abc123", "")), Reason.WRONG_STORE);
    }

    @Test
    void verify_wholeNumbers_asIntegerOrWithZeroFraction() {
        accept(
                verifier().build(),
                token(payloadWith("1480831863", "1480831863.0").replace("1480832763", "1480832763.000")));
        accept(verifier().build(), token(payloadWith("\"version\":1,", "\"version\":1.0,")));
        assertThat(accept(verifier().build(), token(payloadWith("4927", "4927.0")))
                        .id())
                .isEqualTo(4927);
        assertThat(accept(verifier().build(), token(payloadWith("4927", "9223372036854775807")))
                        .id())
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1480831863.5",
                "1480831863.01",
                "1480831863e0",
                "1480831863.0e0",
                "1.480831863E9",
                "\"1480831863\"",
                "null",
                "true",
                "[1480831863]",
                "-1",
                "253402300800",
                "99999999999999999999"
            })
    void verify_numbersOfNoUse_rejects(String number) {
        refusePayload(payloadWith("1480831863", number), Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4927.5", "4.927e3", "9223372036854775808", "04927", "+4927", "4927."})
    void verify_idOfNoWholeNumber_rejects(String id) {
        refusePayload(payloadWith("4927", id), Reason.MALFORMED);
    }

    @Test
    void verify_timeOutOfBounds_namesClaim() {
        assertThat(refusePayload(payloadWith("1480831863", "-1"), Reason.MALFORMED))
                .isEqualTo("the claim iat is -1; expected a time from 1970 to 9999, in seconds");
        assertThat(refusePayload(payloadWith("\"iat\":1480831863,", ""), Reason.MALFORMED))
                .isEqualTo("the claim iat is missing");
        assertThat(refusePayload(payloadWith("\"exp\":1480832763,", ""), Reason.MALFORMED))
                .isEqualTo("the claim exp is missing");
        refusePayload(payloadPlus("\"nbf\":\"soon\""), Reason.MALFORMED);
    }

    @Test
    void verify_extraClaimsOfWrongKind_rejects() {
        for (String extra : List.of("\"jti\":1", "\"jti\":null", "\"channel_id\":\"3\"", "\"channel_id\":1.5")) {
            refusePayload(payloadPlus(extra), Reason.MALFORMED);
        }
        assertThat(refusePayload(payloadPlus("\"channel_id\":0"), Reason.MALFORMED))
                .isEqualTo("the claim channel_id is 0; expected 1 or more");
        accept(verifier().build(), token(payloadPlus("\"channel_id\":1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a",
                "a.b",
                "a.b.c.d",
                "e30.e30.e30.",
                ".e30.e30.e30",
                "é.é.é",
                "\ud800..",
                "a\n.b.c"
            })
    void verify_noTokenAtAll_rejects(String token) {
        refuse(verifier().build(), token);
    }

    /** A surrogate pair is one character in some counts and two in others. */
    @Test
    void verify_charactersOutsideTheBasicPlane_rejects() {
        String token = token(PAYLOAD);
        for (int i = 0; i <= token.length(); i++) {
            String other = token.substring(0, i) + "😀" + token.substring(i);
            assertThat(refuse(verifier().build(), other).reason()).isEqualTo(Reason.MALFORMED);
        }
        assertThat(refuseTwin(verifier().build(), token, token + "😀", Reason.MALFORMED))
                .isEqualTo("the token has characters that base64url doesn't know");
    }

    @Test
    void verify_numberOfParts_rejects() {
        String token = token(PAYLOAD);
        for (String other : List.of(
                token + ".", "." + token, token + ".x", token.replace(".", ""), token.replaceFirst("\\.", ""))) {
            assertThat(refuseTwin(verifier().build(), token, other, Reason.MALFORMED))
                    .isEqualTo("the token has not three parts with dots between them");
        }
    }

    @Test
    void verify_sizeOfEightKibibytes_isTheMost() {
        String empty = token(payloadPlus("\"x\":\"\""));
        int room = JwsVerifier.MAX_LENGTH - empty.length();
        String greatest = token(payloadPlus("\"x\":\"" + "x".repeat(room / 4 * 3) + "\""));
        while (greatest.length() < JwsVerifier.MAX_LENGTH) {
            room += 1;
            greatest = token(payloadPlus("\"x\":\"" + "x".repeat(room / 4 * 3) + "\""));
        }
        assertThat(greatest).hasSize(8192);
        String tooLarge = greatest + "x";
        assertThat(refuseTwin(verifier().build(), greatest, tooLarge, Reason.TOO_LARGE))
                .isEqualTo("the token has 8193 characters; at most 8192 are accepted");
    }

    @Test
    void verify_depthOfEight_isTheMost() {
        String seven = "[".repeat(7) + "]".repeat(7);
        refuseTwin(
                verifier().build(),
                token(payloadPlus("\"x\":" + seven)),
                token(payloadPlus("\"x\":[" + seven + "]")),
                Reason.MALFORMED);
    }

    @Test
    void verify_bytesThatAreNoUtf8_rejects() {
        byte[] payload = payloadPlus("\"x\":\"é\"").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        refuseTwin(
                verifier().build(),
                token(payloadPlus("\"x\":\"é\"")),
                token(
                        JwsAlgorithm.HS256,
                        SECRET,
                        HEADER_HS256.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        payload),
                Reason.MALFORMED);
    }

    @Test
    void verify_eachAlgorithm_acceptsByDefault() {
        accept(verifier().build(), token(PAYLOAD));
        accept(verifier().build(), token(JwsAlgorithm.HS512, SECRET, HEADER_HS512, PAYLOAD));
    }

    @Test
    void verify_algorithmsNarrowed_acceptsThoseOnly() {
        String hs512 = token(JwsAlgorithm.HS512, SECRET, HEADER_HS512, PAYLOAD);
        assertThat(refuseTwin(
                        verifier().algorithms(EnumSet.of(JwsAlgorithm.HS256)).build(),
                        token(PAYLOAD),
                        hs512,
                        Reason.UNSUPPORTED_ALGORITHM))
                .isEqualTo("the signature has 64 bytes; accepted: HS256 with 32");
        CurrentCustomerVerifier both =
                verifier().algorithms(JwsAlgorithm.HS512, JwsAlgorithm.HS256).build();
        accept(both, hs512);
        assertThat(refuseTwin(
                        both, token(PAYLOAD), hs512.substring(0, hs512.length() - 2), Reason.UNSUPPORTED_ALGORITHM))
                .isEqualTo("the signature has 63 bytes; accepted: HS256 with 32, HS512 with 64");
    }

    @Test
    void message_algorithmsDisagree_namesBoth() {
        assertThat(refuseHeader(HEADER_HS512, Reason.UNSUPPORTED_ALGORITHM))
                .isEqualTo("the header's alg is \"HS512\", but the token is signed with HS256");
    }

    @Test
    void verify_anyOfTenSecrets_accepts() {
        List<String> secrets = new java.util.ArrayList<>(Collections.nCopies(9, OTHER_SECRET));
        secrets.add(SECRET);
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(CLIENT_ID, secrets)
                .allowAnyStore()
                .clock(() -> ISSUED_AT)
                .build();
        assertThat(accept(verifier, token(PAYLOAD)).secretIndex()).isEqualTo(9);
        assertThat(accept(verifier, token(JwsAlgorithm.HS256, OTHER_SECRET, HEADER_HS256, PAYLOAD))
                        .secretIndex())
                .isZero();
        assertThat(accept(verifier, token(JwsAlgorithm.HS512, SECRET, HEADER_HS512, PAYLOAD))
                        .secretIndex())
                .isEqualTo(9);
        assertThat(refuseTwin(
                        verifier,
                        token(PAYLOAD),
                        token(JwsAlgorithm.HS256, "third", HEADER_HS256, PAYLOAD),
                        Reason.BAD_SIGNATURE))
                .isEqualTo("the token was altered or signed with another client secret; secrets tried: 10");
    }

    @Test
    void verify_predicateThrows_passesItOn() {
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                .expectStores(store -> {
                    throw new UnsupportedOperationException(store);
                })
                .clock(() -> ISSUED_AT)
                .build();
        assertThatThrownBy(() -> verifier.verify(token(PAYLOAD)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("abc123");
    }

    @Test
    void message_storeUnknownToPredicate_saysSo() {
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                .expectStores(store -> store.equals("xyz789"))
                .clock(() -> ISSUED_AT)
                .build();
        assertThat(refuse(verifier, token(PAYLOAD)))
                .hasMessage("the token's store is \"abc123\"; expected one that the given predicate accepts");
    }

    @Test
    void verify_defaultClock_isTheSystems() {
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                .expectStore("abc123")
                .build();
        String token = CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(SECRET))
                .sign(CurrentCustomerClaims.of(CLIENT_ID, "abc123", 1, "a@b", 0, Instant.now()));
        accept(verifier, token);
        assertThat(refuse(verifier, token(PAYLOAD)).reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void build_withoutWordOnStores_fails() {
        assertThatThrownBy(
                        () -> CurrentCustomerVerifier.builder(CLIENT_ID, SECRET).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exactly one call of expectStore, expectStores or allowAnyStore is required; found none");
        assertThatThrownBy(() -> verifier().allowAnyStore().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "exactly one call of expectStore, expectStores or allowAnyStore is required; found expectStore, allowAnyStore");
        assertThatThrownBy(() -> verifier().expectStores(store -> true).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("expectStore, expectStores");
    }

    @Test
    void builder_emptyParts_fails() {
        assertThatThrownBy(() -> CurrentCustomerVerifier.builder("", SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the client id is empty");
        assertThatThrownBy(() -> verifier().expectStore(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the expected store is empty");
        assertThatThrownBy(() -> verifier().algorithms(EnumSet.noneOf(JwsAlgorithm.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no algorithm is left to accept");
    }

    @Test
    void builder_numberOfSecrets_isOneToTen() {
        assertThatThrownBy(() -> CurrentCustomerVerifier.builder(CLIENT_ID, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are 0 client secrets; expected 1 to 10");
        assertThatThrownBy(() -> CurrentCustomerVerifier.builder(CLIENT_ID, Collections.nCopies(11, SECRET)))
                .isInstanceOf(IllegalArgumentException.class);
        CurrentCustomerVerifier.builder(CLIENT_ID, Collections.nCopies(10, SECRET));
    }

    @Test
    void build_shortSecret_failsUnlessAllowed() {
        String shortSecret = "s".repeat(31);
        assertThatThrownBy(() -> CurrentCustomerVerifier.builder(CLIENT_ID, List.of(SECRET, shortSecret))
                        .allowAnyStore()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "a client secret has 31 bytes; expected at least 32. If the platform gave the app a secret that"
                                + " short, call allowShortSecret()");
        CurrentCustomerVerifier.builder(CLIENT_ID, "s".repeat(32))
                .allowAnyStore()
                .build();
        CurrentCustomerVerifier allowed = CurrentCustomerVerifier.builder(CLIENT_ID, shortSecret)
                .allowAnyStore()
                .allowShortSecret()
                .clock(() -> ISSUED_AT)
                .build();
        accept(allowed, token(JwsAlgorithm.HS256, shortSecret, HEADER_HS256, PAYLOAD));
    }

    @Test
    void build_maxAgeAndUntilExpiry_contradict() {
        assertThatThrownBy(() -> verifier()
                        .maxAge(Duration.ofSeconds(30))
                        .acceptUntilExpiry()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("maxAge and acceptUntilExpiry contradict each other; call one of them");
    }

    @Test
    void maxAge_outOfBounds_fails() {
        for (Duration maxAge : List.of(
                Duration.ZERO, Duration.ofNanos(-1), Duration.ofMinutes(15).plusNanos(1))) {
            assertThatThrownBy(() -> verifier().maxAge(maxAge))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxAge is " + maxAge + "; expected more than 0 and at most 15 minutes");
        }
        verifier().maxAge(Duration.ofNanos(1)).build();
        verifier().maxAge(Duration.ofMinutes(15)).build();
    }

    @Test
    void clockSkew_outOfBounds_fails() {
        for (Duration skew : List.of(Duration.ofNanos(-1), Duration.ofMinutes(5).plusNanos(1))) {
            assertThatThrownBy(() -> verifier().clockSkew(skew))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("clockSkew is " + skew + "; expected 0 to 5 minutes");
        }
    }

    @Test
    void build_builderUsedFurther_verifierStays() {
        CurrentCustomerVerifier.Builder builder = verifier();
        CurrentCustomerVerifier verifier = builder.build();
        builder.algorithms(JwsAlgorithm.HS512).clock(() -> Instant.MAX).build();
        accept(verifier, token(PAYLOAD));
    }
}
