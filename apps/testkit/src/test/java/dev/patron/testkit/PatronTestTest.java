package dev.patron.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// tag::test[]
@PatronTest(storeHash = "shop1")
class PatronTestTest {

    private CurrentCustomerVerifier verifier;

    @BeforeEach
    void verifier(PatronStorefront store) {
        verifier = CurrentCustomerVerifier.builder(
                        store.app().clientId(), store.app().clientSecret())
                .expectStore("shop1")
                .clock(store.clock())
                .build();
    }

    @Test
    void customer_isKnown(Tokens tokens) throws InvalidTokenException {
        assertThat(verifier.verify(tokens.valid()).id()).isEqualTo(4927);
    }

    @Test
    void tokenOfAnotherShop_isRefused(Tokens tokens) {
        assertThatThrownBy(() -> verifier.verify(tokens.forOtherStore())).hasMessageContaining("other1");
    }

    @Test
    void oldToken_isRefused(Tokens tokens, MutableClock clock) {
        String token = tokens.valid();
        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(InvalidTokenException.class);
    }
}
// end::test[]
