package dev.patron.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each broken token is refused for its reason, and its unbroken twin is accepted by the same verifier at the same time. */
class TokensTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T12:00:00Z"));
    private final TestApp app = TestApp.random();
    private final Tokens tokens = new Tokens(app, "abc123", clock);
    private final CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(app.clientId(), app.clientSecret())
            .expectStore("abc123")
            .clock(clock)
            .build();

    private void assertRefused(String token, Reason reason) throws InvalidTokenException {
        assertThat(verifier.verify(tokens.valid())).isNotNull();
        assertThat(token).isNotEqualTo(tokens.valid());
        InvalidTokenException refused = catchThrowableOfType(InvalidTokenException.class, () -> verifier.verify(token));
        assertThat(refused).as("has to be refused").isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReason_canBeHad(Reason reason) throws InvalidTokenException {
        assertRefused(tokens.refusedFor(reason), reason);
    }

    static Stream<Arguments> brokenTokens() {
        return Stream.of(
                broken("expired", Tokens::expired, Reason.EXPIRED),
                broken("tooOld", Tokens::tooOld, Reason.TOO_OLD),
                broken("fromTheFuture", Tokens::fromTheFuture, Reason.ISSUED_IN_THE_FUTURE),
                broken("notYetValid", Tokens::notYetValid, Reason.NOT_YET_VALID),
                broken("forOtherApp", Tokens::forOtherApp, Reason.WRONG_AUDIENCE),
                broken("forOtherStore", Tokens::forOtherStore, Reason.WRONG_STORE),
                broken("customerLogin", Tokens::customerLogin, Reason.MALFORMED),
                broken("ofOtherKind", Tokens::ofOtherKind, Reason.WRONG_OPERATION),
                broken("fromOtherIssuer", Tokens::fromOtherIssuer, Reason.WRONG_ISSUER),
                broken("ofOtherVersion", Tokens::ofOtherVersion, Reason.WRONG_VERSION),
                broken("withoutCustomerId", Tokens::withoutCustomerId, Reason.INVALID_CUSTOMER),
                broken("unsigned", Tokens::unsigned, Reason.UNSUPPORTED_ALGORITHM),
                broken("withFlippedBit", Tokens::withFlippedBit, Reason.BAD_SIGNATURE),
                broken("signedWithOtherSecret", Tokens::signedWithOtherSecret, Reason.BAD_SIGNATURE),
                broken("withCriticalHeader", Tokens::withCriticalHeader, Reason.CRITICAL_HEADER),
                broken("withDuplicateMember", Tokens::withDuplicateMember, Reason.MALFORMED),
                broken("malformed", Tokens::malformed, Reason.MALFORMED),
                broken("tooLarge", Tokens::tooLarge, Reason.TOO_LARGE));
    }

    private static Arguments broken(String name, Function<Tokens, String> maker, Reason reason) {
        return Arguments.of(name, maker, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenTokens")
    void brokenToken_isRefusedForItsReason(String name, Function<Tokens, String> maker, Reason reason)
            throws InvalidTokenException {
        assertRefused(maker.apply(tokens), reason);
    }

    @Test
    void goodTokens_areAccepted() throws InvalidTokenException {
        CurrentCustomer customer = verifier.verify(tokens.valid(new TestCustomer(7, "a\"b\\\u00fc@example.com", 0)));
        assertThat(customer.id()).isEqualTo(7);
        assertThat(customer.email()).isEqualTo("a\"b\\\u00fc@example.com");
        assertThat(customer.groupId()).isEqualTo(OptionalLong.empty());
        assertThat(verifier.verify(tokens.hs512()).id()).isEqualTo(4927);
        assertThat(verifier.verify(tokens.withJwtId("one")).jwtId()).contains("one");
        assertThat(tokens.replayed()).isEqualTo(tokens.replayed());
        assertThat(verifier.verify(tokens.replayed()).jwtId()).contains("replayed");
    }

    @Test
    void time_isTheClocks() throws InvalidTokenException {
        String token = tokens.valid();
        clock.advance(Duration.ofSeconds(35));
        assertThat(verifier.verify(token)).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(catchThrowableOfType(InvalidTokenException.class, () -> verifier.verify(token))
                        .reason())
                .isEqualTo(Reason.TOO_OLD);
        assertThat(verifier.verify(tokens.valid())).isNotNull();
    }

    @Test
    void texts_tellNoSecrets() {
        assertThat(app.toString()).doesNotContain(app.clientSecret());
        assertThat(TestCustomer.DEFAULT.toString()).doesNotContain(TestCustomer.DEFAULT.email());
        assertThat(app.clientId())
                .matches("[a-z0-9]{31}")
                .isNotEqualTo(TestApp.random().clientId());
        assertThat(app.clientSecret()).matches("[0-9a-f]{64}");
    }
}
