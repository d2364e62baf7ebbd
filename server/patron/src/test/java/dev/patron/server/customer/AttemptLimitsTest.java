package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
import dev.patron.server.app.MasterKey;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.compute.OverloadedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {

    private static final MasterKey MASTER_KEY =
            MasterKey.of(TestServices.options(Path.of("unused"), "patron.master-key=" + "5c".repeat(32)));

    private final AttemptLimits limits = new AttemptLimits(
            TestServices.options(
                    Path.of("unused"),
                    "patron.sign-in.attempts-per-account=2",
                    "patron.sign-in.attempts-per-account-in-all=3",
                    "patron.sign-in.attempts-per-address=2",
                    "patron.sign-in.successes-per-account=6",
                    "patron.sign-in.successes-per-address=7",
                    "patron.sign-in.window=1d"),
            Optional.empty(),
            MASTER_KEY,
            new TestClock(),
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
    void attempt_thatFindsNoPlaceForItsHash_countsForTheAddressAlone() {
        InetAddress address = InetAddress.ofLiteral("192.0.2.77");
        ComputePool closed = new ComputePool("closed", 1, 1);
        closed.close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> limits.attempt(
                            "abc123",
                            "ada@example.com",
                            new SignInSource.Browser(address, Optional.empty()),
                            () -> closed.call(Duration.ZERO, () -> true),
                            _ -> true,
                            _ -> false))
                    .isInstanceOf(OverloadedException.class);
        }

        AtomicReference<Duration> wait = new AtomicReference<>(Duration.ZERO);
        assertThat(limits.attempt(
                        "abc123",
                        "bda@example.com",
                        new SignInSource.Browser(address, Optional.empty()),
                        () -> true,
                        _ -> true,
                        toWait -> {
                            wait.set(toWait);
                            return false;
                        }))
                .isFalse();
        assertThat(wait.get()).isPositive();
        assertThat(account("ada@example.com")).isZero();
        assertThat(account("ada@example.com")).isZero();
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
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), true)).isZero();
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), false)).isZero();
        assertThat(attempt("bda@example.com", browser("192.0.2.1"), false)).isZero();

        assertThat(attempt("cda@example.com", browser("192.0.2.1"), false)).isPositive();
        // Whoever has no attempts left has not used up those of the account.
        assertThat(attempt("cda@example.com", browser("192.0.2.2"), false)).isZero();
        assertThat(attempt("cda@example.com", browser("192.0.2.2"), false)).isZero();
    }

    @Test
    void account_atOneNetwork_doesNotHoldUpTheOthers_untilAllTogetherAreTooMany() throws UnknownHostException {
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), false)).isZero();
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), false)).isZero();
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), true)).isPositive();

        assertThat(attempt("ada@example.com", browser("192.0.2.2"), true)).isZero();
        assertThat(attempt("ada@example.com", browser("192.0.2.2"), false)).isZero();

        assertThat(attempt("ada@example.com", browser("192.0.2.3"), true)).isPositive();
        assertThat(attempt("bda@example.com", browser("192.0.2.3"), true)).isZero();
    }

    @Test
    void device_thatIsKnown_countsForItselfOnly() throws UnknownHostException {
        for (String network : List.of("192.0.2.1", "192.0.2.2")) {
            attempt("ada@example.com", browser(network), false);
            attempt("ada@example.com", browser(network), false);
        }
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), true)).isPositive();
        SignInSource known = new SignInSource.Browser(InetAddress.getByName("192.0.2.1"), Optional.of("device"));

        assertThat(attempt("ada@example.com", known, true)).isZero();
        assertThat(attempt("ada@example.com", known, false)).isZero();
        assertThat(attempt("ada@example.com", known, false)).isZero();

        assertThat(attempt("ada@example.com", known, true)).isPositive();
        SignInSource another = new SignInSource.Browser(InetAddress.getByName("192.0.2.1"), Optional.of("another"));
        assertThat(attempt("ada@example.com", another, true)).isZero();
    }

    @Test
    void signedIn_isHeldUpByNobodyElse() throws UnknownHostException {
        for (String network : List.of("192.0.2.1", "192.0.2.2")) {
            attempt("ada@example.com", browser(network), false);
            attempt("ada@example.com", browser(network), false);
        }
        assertThat(account("ada@example.com")).isPositive();

        assertThat(attempt("ada@example.com", new SignInSource.SignedIn(), false))
                .isZero();
        assertThat(attempt("ada@example.com", new SignInSource.SignedIn(), false))
                .isZero();

        assertThat(attempt("ada@example.com", new SignInSource.SignedIn(), true))
                .isPositive();
    }

    @Test
    void rightOnes_areCountedPerAccountAndPerAddress() throws UnknownHostException {
        for (int i = 0; i < 6; i++) {
            assertThat(attempt("ada@example.com", browser("192.0.2.1"), true)).isZero();
        }

        assertThat(attempt("ada@example.com", browser("192.0.2.2"), true)).isPositive();
        assertThat(attempt("bda@example.com", browser("192.0.2.1"), true)).isZero();
        assertThat(attempt("cda@example.com", browser("192.0.2.1"), true)).isPositive();
        assertThat(attempt("cda@example.com", browser("192.0.2.2"), true)).isZero();
        // What was turned away for that does not count as a wrong one.
        assertThat(address("192.0.2.1")).isZero();
        assertThat(address("192.0.2.1")).isZero();
    }

    @Test
    void codes_countAgainstTheAddress_apartFromPasswords() throws UnknownHostException {
        InetAddress from = InetAddress.getByName("192.0.2.1");
        assertThat(code(from, true)).isZero();
        assertThat(code(from, false)).isZero();
        assertThat(code(from, false)).isZero();
        assertThat(code(from, true)).isPositive();

        assertThat(code(InetAddress.getByName("192.0.2.2"), true)).isZero();
        assertThat(attempt("ada@example.com", browser("192.0.2.1"), true)).isZero();
    }

    @Test
    void attempt_thatComesToNoEnd_doesNotCount() throws UnknownHostException {
        SignInSource from = browser("192.0.2.1");
        for (int i = 0; i < 9; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> limits.<Duration>attempt(
                            "aaaaa",
                            "ada@example.com",
                            from,
                            () -> {
                                throw new IllegalStateException("storage is away");
                            },
                            _ -> true,
                            wait -> wait));
        }

        assertThat(attempt("ada@example.com", from, false)).isZero();
        assertThat(attempt("ada@example.com", from, false)).isZero();
        assertThat(attempt("ada@example.com", from, false)).isPositive();
    }

    /** A wrong one; zero, or how long to wait. */
    private Duration account(String email) {
        return attempt(email, new SignInSource.App(), false);
    }

    private void right(String email) {
        assertThat(attempt(email, new SignInSource.App(), true)).isZero();
    }

    private static SignInSource browser(String address) throws UnknownHostException {
        return new SignInSource.Browser(InetAddress.getByName(address), Optional.empty());
    }

    private Duration code(InetAddress from, boolean right) {
        return limits.attemptCode(from, () -> Duration.ZERO, _ -> right, wait -> wait);
    }

    private Duration attempt(String email, SignInSource from, boolean right) {
        return limits.attempt("aaaaa", email, from, () -> Duration.ZERO, _ -> right, wait -> wait);
    }

    private Duration address(String address) throws UnknownHostException {
        return limits.countForAddress(InetAddress.getByName(address));
    }
}
