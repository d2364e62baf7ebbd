package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
import dev.patron.server.app.MasterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownDevicesTest {

    private static final PasswordHash HASH = new PasswordHash("$argon2id$v=19$m=1024,t=1,p=1$c2FsdA$aGFzaA");
    private static final PasswordHash CHANGED = new PasswordHash("$argon2id$v=19$m=1024,t=1,p=1$c2FsdA$aGFzaB");

    private final TestClock clock = new TestClock();
    private final KnownDevices devices = devices("5c", "customer");

    @Test
    void recognise_accountThatWasRemembered_only() {
        String held = devices.remember("", 7, HASH);
        assertThat(held).matches("[A-Za-z0-9_-]{48}");
        assertThat(devices.recognise(held, 7, HASH)).isPresent();

        assertThat(devices.recognise(held, 8, HASH)).isEmpty();
        assertThat(devices.recognise(held, 7, CHANGED))
                .as("the password was changed")
                .isEmpty();
        assertThat(devices("5d", "customer").recognise(held, 7, HASH))
                .as("another master key")
                .isEmpty();
        assertThat(devices("5c", "member").recognise(held, 7, HASH))
                .as("a member of the same number")
                .isEmpty();
    }

    @Test
    void recognise_afterItsTime_isOver() {
        String held = devices.remember("", 7, HASH);
        clock.advance(KnownDevices.VALIDITY.minus(Duration.ofSeconds(1)));
        assertThat(devices.recognise(held, 7, HASH)).isPresent();

        clock.advance(Duration.ofSeconds(1));

        assertThat(devices.recognise(held, 7, HASH)).isEmpty();
    }

    @Test
    void recognise_whatWasAltered_isNone() {
        String held = devices.remember("", 7, HASH);
        assertThat(devices.recognise(held, 7, HASH)).isPresent();

        for (int at = 0; at < held.length(); at++) {
            char other = held.charAt(at) == 'A' ? 'B' : 'A';
            String altered = held.substring(0, at) + other + held.substring(at + 1);
            assertThat(devices.recognise(altered, 7, HASH))
                    .as("character " + at)
                    .isEmpty();
        }
        for (String none : new String[] {"", ".", held.substring(1), held + "A", "!" + held.substring(1)}) {
            assertThat(devices.recognise(none, 7, HASH)).as(none).isEmpty();
        }
        assertThat(devices.recognise(held + ".".repeat(10_000), 7, HASH)).isEmpty();
    }

    @Test
    void remember_threeAccounts_atMost_andEachOnce() {
        String held = "";
        for (long account = 1; account <= 4; account++) {
            held = devices.remember(held, account, HASH);
        }
        held = devices.remember(held, 3, HASH);

        assertThat(held.split("\\.", -1)).hasSize(3);
        assertThat(devices.recognise(held, 1, HASH)).isEmpty();
        assertThat(devices.recognise(held, 2, HASH)).isPresent();
        assertThat(devices.recognise(held, 3, HASH)).isPresent();
        assertThat(devices.recognise(held, 4, HASH)).isPresent();
    }

    @Test
    void device_eachSignIn_isAnother() {
        Optional<String> first = devices.recognise(devices.remember("", 7, HASH), 7, HASH);

        assertThat(devices.recognise(devices.remember("", 7, HASH), 7, HASH)).isNotEqualTo(first);
    }

    private KnownDevices devices(String key, String who) {
        MasterKey masterKey =
                MasterKey.of(TestServices.options(Path.of("unused"), "patron.master-key=" + key.repeat(32)));
        return new KnownDevices(masterKey, clock, who);
    }
}
