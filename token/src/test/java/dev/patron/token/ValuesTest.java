package dev.patron.token;

import static dev.patron.token.Forge.CLIENT_ID;
import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.PAYLOAD;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.STORE;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.payloadPlus;
import static dev.patron.token.Forge.payloadWith;
import static dev.patron.token.Forge.token;
import static dev.patron.token.Forge.verifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Secrets, claims, customers and refusals as values. */
class ValuesTest {
    private static final CurrentCustomerClaims CLAIMS =
            CurrentCustomerClaims.of(CLIENT_ID, STORE, 4927, "john.doe@gmail.com", 6, ISSUED_AT);

    @Test
    void secret_printed_isHidden() {
        ClientSecret secret = ClientSecret.of("hunter2é");
        assertThat(secret).hasToString("***");
        assertThat(secret.reveal()).isEqualTo("hunter2é");
        assertThat(secret.length()).isEqualTo(9);
    }

    @Test
    void secret_compared_byItsText() {
        assertThat(ClientSecret.of("abc"))
                .isEqualTo(ClientSecret.of("abc"))
                .hasSameHashCodeAs(ClientSecret.of("abc"))
                .isNotEqualTo(ClientSecret.of("abd"))
                .isNotEqualTo(ClientSecret.of("abcd"))
                .isNotEqualTo("abc");
        assertThat(ClientSecret.of("abc").hashCode())
                .isNotEqualTo(ClientSecret.of("abd").hashCode());
    }

    @Test
    void secret_emptyOrUnsound_fails() {
        assertThatThrownBy(() -> ClientSecret.of(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a client secret may not be empty: anyone could sign with it");
        assertThatThrownBy(() -> ClientSecret.of("secret\ud800"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a client secret may not contain an unpaired surrogate");
    }

    @Test
    void claims_of_fillsInTheRest() {
        assertThat(CLAIMS)
                .isEqualTo(new CurrentCustomerClaims(
                        4927,
                        "john.doe@gmail.com",
                        "6",
                        STORE,
                        ISSUED_AT,
                        ISSUED_AT.plus(Duration.ofMinutes(15)),
                        CLIENT_ID,
                        CLIENT_ID,
                        null,
                        null));
        assertThat(CurrentCustomerClaims.of(CLIENT_ID, STORE, 1, "a@b", 0, ISSUED_AT)
                        .groupId())
                .isEqualTo("0");
    }

    @Test
    void claims_times_areRoundedDown() {
        CurrentCustomerClaims claims =
                CurrentCustomerClaims.of(CLIENT_ID, STORE, 1, "a@b", 0, ISSUED_AT.plusNanos(999_999_999));
        assertThat(claims.issuedAt()).isEqualTo(ISSUED_AT);
        assertThat(claims.expiresAt()).isEqualTo(ISSUED_AT.plusSeconds(900));
    }

    @Test
    void claims_printed_hideTheEmail() {
        assertThat(CLAIMS.withJwtId("token-1").withChannelId(3))
                .hasToString("CurrentCustomerClaims[customerId=4927, groupId=6, storeHash=abc123,"
                        + " issuedAt=2016-12-04T06:11:03Z, expiresAt=2016-12-04T06:26:03Z, audience=" + CLIENT_ID
                        + ", applicationId=" + CLIENT_ID + ", jwtId=token-1, channelId=3]");
    }

    @Test
    void claims_extras_comeLast() {
        assertThat(new String(ClaimsWriter.write(CLAIMS.withJwtId("a\"b").withChannelId(3)), UTF_8))
                .isEqualTo(payloadPlus("\"jti\":\"a\\\"b\",\"channel_id\":3"));
        assertThat(new String(ClaimsWriter.write(CLAIMS.withChannelId(3).withJwtId("1")), UTF_8))
                .isEqualTo(payloadPlus("\"jti\":\"1\",\"channel_id\":3"));
        assertThat(new String(ClaimsWriter.write(CLAIMS), UTF_8)).isEqualTo(PAYLOAD);
    }

    @Test
    void claims_written_escapeNoMoreThanNeeded() {
        String hard = "\"\\/\b\t\n\f\r\u0000\u001f\u0010 ~\u007fé中😀<>&'";
        CurrentCustomerClaims claims = CurrentCustomerClaims.of(CLIENT_ID, STORE, 4927, hard, 6, ISSUED_AT);
        assertThat(new String(ClaimsWriter.write(claims), UTF_8))
                .isEqualTo(payloadWith(
                        "john.doe@gmail.com", "\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\\u0010 ~\u007fé中😀<>&'"));
    }

    @Test
    void claims_outOfBounds_fail() {
        assertInvalid(
                "customerId is 0; expected 1 or more",
                0,
                "a@b",
                "0",
                STORE,
                ISSUED_AT,
                ISSUED_AT.plusSeconds(1),
                CLIENT_ID,
                CLIENT_ID);
        assertInvalid("email is empty", 1, "", "0", STORE, ISSUED_AT, ISSUED_AT.plusSeconds(1), CLIENT_ID, CLIENT_ID);
        assertInvalid(
                "email contains an unpaired surrogate",
                1,
                "\ud800",
                "0",
                STORE,
                ISSUED_AT,
                ISSUED_AT.plusSeconds(1),
                CLIENT_ID,
                CLIENT_ID);
        for (String groupId :
                List.of("", "00", "01", "-1", "six", "1/", "1:", "9223372036854775808", "10000000000000000000")) {
            assertInvalid(
                    "groupId is \"" + groupId + "\"; expected a decimal number, 0 for no group",
                    1,
                    "a@b",
                    groupId,
                    STORE,
                    ISSUED_AT,
                    ISSUED_AT.plusSeconds(1),
                    CLIENT_ID,
                    CLIENT_ID);
        }
        assertInvalid(
                "storeHash is empty", 1, "a@b", "0", "", ISSUED_AT, ISSUED_AT.plusSeconds(1), CLIENT_ID, CLIENT_ID);
        assertInvalid(
                "issuedAt is 1969-12-31T23:59:59.999999999Z; expected a time from 1970 to 9999",
                1,
                "a@b",
                "0",
                STORE,
                Instant.EPOCH.minusNanos(1),
                ISSUED_AT,
                CLIENT_ID,
                CLIENT_ID);
        assertInvalid(
                "expiresAt is +10000-01-01T00:00:00Z; expected a time from 1970 to 9999",
                1,
                "a@b",
                "0",
                STORE,
                ISSUED_AT,
                Instant.ofEpochSecond(253_402_300_800L),
                CLIENT_ID,
                CLIENT_ID);
        assertInvalid(
                "expiresAt is 2016-12-04T06:11:03Z; expected later than 2016-12-04T06:11:03Z",
                1,
                "a@b",
                "0",
                STORE,
                ISSUED_AT,
                ISSUED_AT.plusMillis(999),
                CLIENT_ID,
                CLIENT_ID);
        assertInvalid("audience is empty", 1, "a@b", "0", STORE, ISSUED_AT, ISSUED_AT.plusSeconds(1), "", CLIENT_ID);
        assertInvalid(
                "applicationId is empty", 1, "a@b", "0", STORE, ISSUED_AT, ISSUED_AT.plusSeconds(1), CLIENT_ID, "");
        assertThatThrownBy(() -> CLAIMS.withJwtId(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("jwtId is empty");
        assertThatThrownBy(() -> CLAIMS.withChannelId(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("channelId is 0; expected 1 or more");
    }

    private static void assertInvalid(
            String message,
            long customerId,
            String email,
            String groupId,
            String storeHash,
            Instant issuedAt,
            Instant expiresAt,
            String audience,
            String applicationId) {
        assertThatThrownBy(() -> new CurrentCustomerClaims(
                        customerId,
                        email,
                        groupId,
                        storeHash,
                        issuedAt,
                        expiresAt,
                        audience,
                        applicationId,
                        null,
                        null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void claims_atTheirBounds_areAccepted() {
        Instant last = Instant.ofEpochSecond(253_402_300_799L);
        CurrentCustomerClaims claims = new CurrentCustomerClaims(
                Long.MAX_VALUE, "a", "9223372036854775807", "s", Instant.EPOCH, last, "c", "a", "j", Long.MAX_VALUE);
        assertThat(claims.expiresAt()).isEqualTo(last);
        assertThat(CLAIMS.withChannelId(1).channelId()).isEqualTo(1);
    }

    @Test
    void sign_tokenOfEightKibibytes_isTheMost() {
        CurrentCustomerSigner signer = CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(SECRET));
        int length = 1;
        String longest = "";
        while (true) {
            CurrentCustomerClaims claims = CLAIMS.withJwtId("x".repeat(length));
            int expected = 37 + Base64Url.encodedLength(ClaimsWriter.write(claims).length) + 44;
            if (expected > 8192) {
                assertThatThrownBy(() -> signer.sign(claims))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("the token would have " + expected + " bytes; at most 8192 are accepted");
                break;
            }
            longest = signer.sign(claims);
            assertThat(longest).hasSize(expected);
            length++;
        }
        assertThat(longest).hasSize(8192);
        accept(verifier().build(), longest);
    }

    @Test
    void customer_compared_byEveryPart() {
        CurrentCustomer customer = customer(PAYLOAD);
        assertThat(customer)
                .isEqualTo(customer(PAYLOAD))
                .hasSameHashCodeAs(customer(PAYLOAD))
                .isNotEqualTo("customer");
        Stream.of(
                        payloadWith("4927", "4928"),
                        payloadWith("john.doe", "jane.doe"),
                        payloadWith("\"6\"", "\"7\""),
                        PAYLOAD.replace("abc123", "xyz789"),
                        payloadWith("1480831863", "1480831862"),
                        payloadWith("1480832763", "1480832762"),
                        payloadPlus("\"jti\":\"1\""),
                        payloadPlus("\"channel_id\":1"))
                .forEach(other ->
                        assertThat(customer(other)).isNotEqualTo(customer).doesNotHaveSameHashCodeAs(customer));
        assertThat(new CurrentCustomer(1, "a", 0, "s", "c", ISSUED_AT, ISSUED_AT, null, null, 0))
                .isNotEqualTo(new CurrentCustomer(1, "a", 0, "s", "d", ISSUED_AT, ISSUED_AT, null, null, 0));
    }

    @Test
    void customer_printed_hidesTheEmail() {
        assertThat(customer(payloadPlus("\"jti\":\"token-1\",\"channel_id\":3")))
                .hasToString(
                        "CurrentCustomer[id=4927, groupId=6, storeHash=abc123, clientId=" + CLIENT_ID
                                + ", issuedAt=2016-12-04T06:11:03Z, expiresAt=2016-12-04T06:26:03Z, jwtId=token-1, channelId=3]");
    }

    private static CurrentCustomer customer(String payload) {
        return accept(
                CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                        .allowAnyStore()
                        .clock(() -> ISSUED_AT)
                        .build(),
                token(payload));
    }

    @Test
    void reason_ids_areStable() {
        assertThat(Stream.of(Reason.values()).map(Reason::id))
                .containsExactly(
                        "too_large",
                        "malformed",
                        "unsupported_algorithm",
                        "bad_signature",
                        "critical_header",
                        "wrong_audience",
                        "wrong_issuer",
                        "wrong_operation",
                        "wrong_version",
                        "wrong_store",
                        "expired",
                        "issued_in_the_future",
                        "too_old",
                        "not_yet_valid",
                        "invalid_customer");
    }

    @Test
    void refusal_isCheap() {
        @Nullable Throwable cause = Forge.refuse(verifier().build(), "x");
        assertThat(cause).isNotNull();
        assertThat(cause.getStackTrace()).isEmpty();
        assertThat(cause.getCause()).isNull();
    }
}
