package dev.patron.token;

import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.PAYLOAD;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.payloadPlus;
import static dev.patron.token.Forge.payloadWith;
import static dev.patron.token.Forge.refuse;
import static dev.patron.token.Forge.token;
import static dev.patron.token.Forge.verifierAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The edges of every time rule, to the nanosecond, with and without clock skew. */
class TimeRulesTest {
    private static final Instant EXPIRES_AT = ISSUED_AT.plusSeconds(900);
    private static final Duration TICK = Duration.ofNanos(1);

    @Test
    void verify_expired_rejects() {
        assertLastMoment(
                PAYLOAD,
                EXPIRES_AT,
                Reason.EXPIRED,
                CurrentCustomerVerifier.Builder::acceptUntilExpiry,
                TimeRulesTest::withoutSkew);
        assertLastMoment(
                PAYLOAD, EXPIRES_AT.plusSeconds(5), Reason.EXPIRED, CurrentCustomerVerifier.Builder::acceptUntilExpiry);
        assertLastMoment(
                PAYLOAD,
                EXPIRES_AT.plusSeconds(60),
                Reason.EXPIRED,
                CurrentCustomerVerifier.Builder::acceptUntilExpiry,
                TimeRulesTest::withSkew);
    }

    @Test
    void verify_tooOld_rejects() {
        // The greatest age itself is still accepted.
        assertLastMoment(PAYLOAD, ISSUED_AT.plusSeconds(30).plus(TICK), Reason.TOO_OLD, TimeRulesTest::withoutSkew);
        assertLastMoment(PAYLOAD, ISSUED_AT.plusSeconds(35).plus(TICK), Reason.TOO_OLD);
        assertLastMoment(
                PAYLOAD,
                ISSUED_AT.plusSeconds(180).plus(TICK),
                Reason.TOO_OLD,
                builder -> builder.maxAge(Duration.ofMinutes(2)),
                TimeRulesTest::withSkew);
    }

    @Test
    void verify_issuedInTheFuture_rejects() {
        assertFirstMoment(PAYLOAD, ISSUED_AT, Reason.ISSUED_IN_THE_FUTURE, TimeRulesTest::withoutSkew);
        assertFirstMoment(PAYLOAD, ISSUED_AT.minusSeconds(5), Reason.ISSUED_IN_THE_FUTURE);
        assertFirstMoment(PAYLOAD, ISSUED_AT.minusSeconds(60), Reason.ISSUED_IN_THE_FUTURE, TimeRulesTest::withSkew);
    }

    @Test
    void verify_notYetValid_rejects() {
        String payload = payloadPlus("\"nbf\":1480831873");
        Instant notBefore = ISSUED_AT.plusSeconds(10);
        assertFirstMoment(payload, notBefore, Reason.NOT_YET_VALID, TimeRulesTest::withoutSkew);
        assertFirstMoment(payload, notBefore.minusSeconds(5), Reason.NOT_YET_VALID);
    }

    @Test
    void verify_skewOfFiveMinutes_isTheMost() {
        Duration skew = Duration.ofMinutes(5);
        UnaryOperator<CurrentCustomerVerifier.Builder> mostSkew = builder -> builder.clockSkew(skew);
        assertLastMoment(
                PAYLOAD,
                EXPIRES_AT.plus(skew),
                Reason.EXPIRED,
                CurrentCustomerVerifier.Builder::acceptUntilExpiry,
                mostSkew);
        assertFirstMoment(PAYLOAD, ISSUED_AT.minus(skew), Reason.ISSUED_IN_THE_FUTURE, mostSkew);
    }

    @Test
    void verify_expiredAndTooOld_saysExpired() {
        assertThat(refuse(verifierAt(EXPIRES_AT.plusSeconds(5)).build(), token(PAYLOAD))
                        .reason())
                .isEqualTo(Reason.EXPIRED);
    }

    @Test
    void verify_earliestAndLatestTimes_accepts() {
        String earliest = payloadWith("1480831863", "0").replace("1480832763", "1");
        accept(verifierAt(Instant.EPOCH).build(), token(earliest));
        String latest = payloadWith("1480831863", "253402300798").replace("1480832763", "253402300799");
        accept(verifierAt(Instant.ofEpochSecond(253402300798L)).build(), token(latest));
    }

    @Test
    void message_expired_saysByHowManySeconds() {
        Instant now = EXPIRES_AT.plusSeconds(12).plusMillis(1);
        assertThat(refuse(verifierAt(now).build(), token(PAYLOAD)))
                .hasMessage("the token expired 13 s ago (clock skew allowed: 5 s)");
    }

    @Test
    void message_issuedInTheFuture_saysByHowManySeconds() {
        assertThat(refuse(verifierAt(ISSUED_AT.minusSeconds(7)).build(), token(PAYLOAD)))
                .hasMessage("the token was issued 7 s ahead of this machine's clock (clock skew allowed: 5 s)");
    }

    @Test
    void message_tooOld_saysAgeAndTheWayOut() {
        assertThat(refuse(verifierAt(ISSUED_AT.plusSeconds(47)).build(), token(PAYLOAD)))
                .hasMessage("the token was issued 47 s ago, which is more than the accepted 30 s. Get a fresh token for"
                        + " each use, or call acceptUntilExpiry() on the verifier's builder to accept tokens until they"
                        + " expire (clock skew allowed: 5 s)");
    }

    @Test
    void message_notYetValid_saysByHowManySeconds() {
        assertThat(refuse(verifierAt(ISSUED_AT).build(), token(payloadPlus("\"nbf\":1480831903"))))
                .hasMessage("the token is valid only in 40 s (clock skew allowed: 5 s)");
    }

    private static CurrentCustomerVerifier.Builder withoutSkew(CurrentCustomerVerifier.Builder builder) {
        return builder.clockSkew(Duration.ZERO);
    }

    private static CurrentCustomerVerifier.Builder withSkew(CurrentCustomerVerifier.Builder builder) {
        return builder.clockSkew(Duration.ofSeconds(60));
    }

    /** A tick before {@code end} the token is accepted, from then on not. */
    @SafeVarargs
    private static void assertLastMoment(
            String payload, Instant end, Reason reason, UnaryOperator<CurrentCustomerVerifier.Builder>... settings) {
        accept(verifier(end.minus(TICK), settings), token(payload));
        assertThat(refuse(verifier(end, settings), token(payload)).reason()).isEqualTo(reason);
        assertThat(refuse(verifier(end.plus(TICK), settings), token(payload)).reason())
                .isEqualTo(reason);
    }

    /** From {@code start} on the token is accepted, a tick before not. */
    @SafeVarargs
    private static void assertFirstMoment(
            String payload, Instant start, Reason reason, UnaryOperator<CurrentCustomerVerifier.Builder>... settings) {
        accept(verifier(start, settings), token(payload));
        accept(verifier(start.plus(TICK), settings), token(payload));
        assertThat(refuse(verifier(start.minus(TICK), settings), token(payload)).reason())
                .isEqualTo(reason);
    }

    @SafeVarargs
    private static CurrentCustomerVerifier verifier(
            Instant now, UnaryOperator<CurrentCustomerVerifier.Builder>... settings) {
        CurrentCustomerVerifier.Builder builder = verifierAt(now);
        for (UnaryOperator<CurrentCustomerVerifier.Builder> setting : settings) {
            builder = setting.apply(builder);
        }
        return builder.build();
    }
}
