package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestRooms;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {

    private final AttemptLimits limits = new AttemptLimits(TestRooms.options(
            Path.of("unused"),
            "patron.sign-in.attempts-per-account=2",
            "patron.sign-in.attempts-per-address=2",
            "patron.sign-in.window=1d"));

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
    void account_forgiven_hasOneAttemptMoreAndNeverMoreThanAllowed() {
        account("ada@example.com");
        account("ada@example.com");
        limits.forgiveAccount("aaaaa", "ada@example.com");
        assertThat(account("ada@example.com")).isZero();
        assertThat(account("ada@example.com")).isPositive();

        for (int i = 0; i < 5; i++) {
            limits.forgiveAccount("aaaaa", "bda@example.com");
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
    void address_forgiven_hasOneAttemptMore() throws UnknownHostException {
        address("192.0.2.1");
        address("192.0.2.1");
        assertThat(address("192.0.2.1")).isPositive();

        limits.forgiveAddress(InetAddress.getByName("192.0.2.1"));

        assertThat(address("192.0.2.1")).isZero();
        assertThat(address("192.0.2.1")).isPositive();
    }

    private Duration account(String email) {
        return limits.countForAccount("aaaaa", email);
    }

    private Duration address(String address) throws UnknownHostException {
        return limits.countForAddress(InetAddress.getByName(address));
    }
}
