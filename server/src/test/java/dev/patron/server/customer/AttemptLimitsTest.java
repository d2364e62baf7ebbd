package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.server.TestRooms;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {

    private final AttemptLimits limits = new AttemptLimits(
            TestRooms.options(
                    Path.of("unused"),
                    "patron.sign-in.attempts-per-account=2",
                    "patron.sign-in.attempts-per-address=2",
                    "patron.sign-in.window=1d"),
            Optional.empty(),
            "customer");

    @Test
    void account_afterItsAttempts_hasToWaitForAPartOfTheWindow() {
        assertThat(account("ada@example.com")).isZero();
        assertThat(account("ada@example.com")).isZero();

        assertThat(account("ada@example.com")).isPositive().isLessThanOrEqualTo(Duration.ofHours(12));
        assertThat(account("bda@example.com")).isZero();
    }

    @Test
    void account_otherLettersAndSpaces_isTheSame() {
        account("ada@example.com");
        account(" ADA@example.com ");

        assertThat(account("Ada@Example.Com")).isPositive();
    }

    @Test
    void attempt_thatIsRight_doesNotCountAndGivesNoneMoreThanAllowed() {
        account("ada@example.com");
        right("ada@example.com");
        assertThat(account("ada@example.com")).isZero();
        assertThat(account("ada@example.com")).isPositive();

        for (int i = 0; i < 5; i++) {
            right("bda@example.com");
        }
        assertThat(account("bda@example.com")).isZero();
        assertThat(account("bda@example.com")).isZero();
        assertThat(account("bda@example.com")).isPositive();
    }

    @Test
    void account_longerThanAnyAddress_isRememberedByItsBeginning() {
        String address = "a".repeat(254);
        account(address + "x");
        account(address + "y");

        assertThat(account(address + "z")).isPositive();
        assertThat(account("b" + address)).isZero();
    }

    @Test
    void address_afterItsAttempts_hasToWait() throws UnknownHostException {
        assertThat(address("192.0.2.1")).isZero();
        assertThat(address("192.0.2.1")).isZero();

        assertThat(address("192.0.2.1")).isPositive();
        assertThat(address("192.0.2.2")).isZero();
    }

    @Test
    void address_ipv6_isItsNetworkOf64Bits() throws UnknownHostException {
        assertThat(address("2001:db8:0:1::1")).isZero();
        assertThat(address("2001:db8:0:1:ffff::2")).isZero();

        assertThat(address("2001:db8:0:1:1:2:3:4")).isPositive();
        assertThat(address("2001:db8:0:2::1")).isZero();
    }

    @Test
    void address_ipv4InIpv6_isTheIpv4Address() throws UnknownHostException {
        address("192.0.2.1");
        address("::ffff:192.0.2.1");

        assertThat(address("192.0.2.1")).isPositive();
    }

    @Test
    void attempt_fromAnAddress_countsThereToo() throws UnknownHostException {
        InetAddress from = InetAddress.getByName("192.0.2.1");
        assertThat(attempt("ada@example.com", Optional.of(from), true)).isZero();
        assertThat(attempt("ada@example.com", Optional.of(from), false)).isZero();
        assertThat(attempt("bda@example.com", Optional.of(from), false)).isZero();

        assertThat(attempt("cda@example.com", Optional.of(from), false)).isPositive();
        // Whoever has no attempts left has not used up those of the account.
        assertThat(account("cda@example.com")).isZero();
        assertThat(account("cda@example.com")).isZero();
    }

    @Test
    void attempt_thatComesToNoEnd_doesNotCount() {
        for (int i = 0; i < 5; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> limits.<Duration>attempt(
                            "aaaaa",
                            "ada@example.com",
                            Optional.of(InetAddress.getLoopbackAddress()),
                            () -> {
                                throw new IllegalStateException("storage is away");
                            },
                            _ -> true,
                            wait -> wait));
        }

        assertThat(account("ada@example.com")).isZero();
        assertThat(account("ada@example.com")).isZero();
        assertThat(account("ada@example.com")).isPositive();
    }

    /** A wrong one; zero, or how long to wait. */
    private Duration account(String email) {
        return attempt(email, Optional.empty(), false);
    }

    private void right(String email) {
        assertThat(attempt(email, Optional.empty(), true)).isZero();
    }

    private Duration attempt(String email, Optional<InetAddress> from, boolean right) {
        return limits.attempt("aaaaa", email, from, () -> Duration.ZERO, _ -> right, wait -> wait);
    }

    private Duration address(String address) throws UnknownHostException {
        return limits.countForAddress(InetAddress.getByName(address));
    }
}
