package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.patron.server.TestRooms;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PasswordsTest {

    private static final long MEBIBYTE = 1024 * 1024;

    private final Passwords passwords = new Passwords(TestRooms.options(Path.of("unused")));

    @Test
    void hash_isArgon2idWithTheConfiguredCost() {
        assertThat(passwords.hash("pass phrase").encoded()).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");
        Passwords costly = new Passwords(
                TestRooms.options(Path.of("unused"), "patron.passwords.memory=2MiB", "patron.passwords.iterations=3"));
        assertThat(costly.hash("pass phrase").encoded()).startsWith("$argon2id$v=19$m=2048,t=3,p=1$");
    }

    @Test
    void hash_ofTheSamePassword_hasAnotherSaltEachTime() {
        assertThat(passwords.hash("pass phrase")).isNotEqualTo(passwords.hash("pass phrase"));
    }

    @Test
    void matches_rightPassword_only() {
        Optional<PasswordHash> hash = Optional.of(passwords.hash("pass phrase"));

        assertThat(passwords.matches("pass phrase", hash)).isTrue();
        assertThat(passwords.matches("pass phrasE", hash)).isFalse();
        assertThat(passwords.matches("pass phrase ", hash)).isFalse();
        assertThat(passwords.matches("", hash)).isFalse();
        assertThat(passwords.matches("pass phrase", Optional.empty())).isFalse();
    }

    @Test
    void matches_hashOfOtherCosts_stillCounts() {
        Passwords costly = new Passwords(
                TestRooms.options(Path.of("unused"), "patron.passwords.memory=2MiB", "patron.passwords.iterations=3"));

        assertThat(passwords.matches("pass phrase", Optional.of(costly.hash("pass phrase"))))
                .isTrue();
    }

    @Test
    void matches_nonLatinPassword_isExact() {
        Optional<PasswordHash> hash = Optional.of(passwords.hash("пароль 山田 😀"));

        assertThat(passwords.matches("пароль 山田 😀", hash)).isTrue();
        assertThat(passwords.matches("пароль 山田 😁", hash)).isFalse();
        assertThat(passwords.matches("?????? ?? ??", hash)).isFalse();
    }

    @Test
    void matches_longestPassword_countsToItsLastCharacter() {
        String longest = "p".repeat(255);
        Optional<PasswordHash> hash = Optional.of(passwords.hash(longest + "a"));

        assertThat(passwords.matches(longest + "a", hash)).isTrue();
        assertThat(passwords.matches(longest + "b", hash)).isFalse();
        assertThat(passwords.matches(longest + "ab", hash)).isFalse();
    }

    /** The work of a hash is its memory, which is allocated by the thread that hashes: a measure without a clock. */
    @Test
    void matches_whateverIsWrong_doesTheSameWork() {
        Passwords costly = new Passwords(TestRooms.options(Path.of("unused"), "patron.passwords.memory=8MiB"));
        Optional<PasswordHash> hash = Optional.of(costly.hash("pass phrase"));
        long right = allocated(() -> costly.matches("pass phrase", hash));
        assertThat(right).isGreaterThan(8 * MEBIBYTE);

        long wrong = allocated(() -> costly.matches("wrong password", hash));
        long unknown = allocated(() -> costly.matches("wrong password", Optional.empty()));
        long tooLong = allocated(() -> costly.matches("p".repeat(50_000), hash));

        assertThat(wrong).isCloseTo(right, within(MEBIBYTE));
        assertThat(unknown).isCloseTo(right, within(MEBIBYTE));
        long empty = allocated(() -> costly.matches("", hash));
        assertThat(empty).isCloseTo(right, within(MEBIBYTE));
        assertThat(tooLong).isCloseTo(right, within(MEBIBYTE));
    }

    @Test
    void fault_lengthBounds_areExact() {
        assertThat(passwords.minLength()).isEqualTo(8);
        assertThat(passwords.fault("p".repeat(8))).isEmpty();
        assertThat(passwords.fault("p".repeat(256))).isEmpty();
        assertThat(passwords.fault("😀".repeat(8))).isEmpty();

        assertThat(passwords.fault("p".repeat(7)))
                .hasValueSatisfying(fault -> assertThat(fault).contains("at least 8"));
        assertThat(passwords.fault("😀".repeat(7)))
                .hasValueSatisfying(fault -> assertThat(fault).contains("at least 8"));
        assertThat(passwords.fault("")).isPresent();
        assertThat(passwords.fault("p".repeat(257)))
                .hasValueSatisfying(fault -> assertThat(fault).contains("at most 256"));
    }

    private static long allocated(Supplier<Boolean> work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        var _ = work.get();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
