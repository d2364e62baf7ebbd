package dev.patron.server.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.TestServices;
import dev.patron.server.compute.OverloadedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

class PasswordsTest {

    private final Passwords passwords = new Passwords(TestServices.options(Path.of("unused")));

    @Test
    void hash_isArgon2idWithTheConfiguredCost() {
        assertThat(passwords.hash("pass phrase").encoded()).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");
        Passwords costly = new Passwords(TestServices.options(
                Path.of("unused"), "patron.passwords.memory=2MiB", "patron.passwords.iterations=3"));
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
        Passwords costly = new Passwords(TestServices.options(
                Path.of("unused"), "patron.passwords.memory=2MiB", "patron.passwords.iterations=3"));

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

    @Test
    void matches_hashOfAnotherImplementation_counts() {
        Argon2PasswordEncoder spring = new Argon2PasswordEncoder(16, 32, 1, 1024, 2);
        PasswordHash hash = new PasswordHash(spring.encode("пароль 山田 😀"));

        assertThat(passwords.matches("пароль 山田 😀", Optional.of(hash))).isTrue();
        assertThat(passwords.matches("пароль 山田 😁", Optional.of(hash))).isFalse();
        assertThat(spring.matches("pass phrase", passwords.hash("pass phrase").encoded()))
                .isTrue();
    }

    @Test
    void matches_hashThatIsNone_isNobodys() {
        String right = passwords.hash("pass phrase").encoded();
        assertThat(passwords.matches("pass phrase", Optional.of(new PasswordHash(right))))
                .isTrue();

        for (String broken : List.of(
                right.replace("argon2id", "argon2i"),
                right.replace("v=19", "v=16"),
                right.replace("m=1024", "m=0"),
                right.replace("m=1024", "m=1025"),
                right + "=",
                right.substring(0, right.length() - 1),
                "")) {
            assertThat(passwords.matches("pass phrase", Optional.of(new PasswordHash(broken))))
                    .as(broken)
                    .isFalse();
        }
    }

    /** Work is counted, not timed: kibibytes that are filled, each time in each pass. */
    @Test
    void matches_whateverIsWrong_doesTheSameWork() {
        Counted raised = new Counted("patron.passwords.memory=3MiB", "patron.passwords.iterations=3");
        Optional<PasswordHash> today = Optional.of(raised.passwords.hash("pass phrase"));
        Optional<PasswordHash> before = Optional.of(passwords.hash("pass phrase"));
        Optional<PasswordHash> lessMemory =
                Optional.of(new Counted("patron.passwords.memory=1MiB", "patron.passwords.iterations=5")
                        .passwords.hash("pass phrase"));
        long full = 3 * 3 * 1024;
        assertThat(raised.workOf("pass phrase", today, true)).isEqualTo(full);

        assertThat(raised.workOf("wrong password", today, false)).isEqualTo(full);
        assertThat(raised.workOf("wrong password", Optional.empty(), false)).isEqualTo(full);
        assertThat(raised.workOf("", today, false)).isEqualTo(full);
        assertThat(raised.workOf("p".repeat(50_000), today, false)).isEqualTo(full);
        assertThat(raised.workOf("wrong password", Optional.of(new PasswordHash("none")), false))
                .isEqualTo(full);
        for (Optional<PasswordHash> old : List.of(before, lessMemory)) {
            // Memory is divided evenly among the passes; what is left over is less than one kibibyte for each.
            assertThat(raised.workOf("wrong password", old, false)).isBetween(full - 3, full);
            // The owner of a disabled account, who is told nothing either.
            assertThat(raised.workOf("pass phrase", old, true)).isBetween(full - 3, full);
        }
    }

    @Test
    void matches_workForNothing_takesNoMoreMemoryThanAHash() {
        Counted raised = new Counted("patron.passwords.memory=2MiB", "patron.passwords.iterations=7");

        raised.workOf("wrong password", Optional.of(passwords.hash("pass phrase")), false);

        assertThat(raised.costs).hasSize(2).allMatch(cost -> cost.kibibytes() <= 2048);
    }

    @Test
    void matches_afterTheCostWasLowered_doesTheWorkOfTheDearestHashThatWasSeen() {
        Counted lowered = new Counted("patron.passwords.memory=1MiB", "patron.passwords.iterations=1");
        Optional<PasswordHash> dear =
                Optional.of(new Counted("patron.passwords.memory=3MiB", "patron.passwords.iterations=2")
                        .passwords.hash("pass phrase"));
        assertThat(lowered.workOf("wrong password", Optional.empty(), false)).isEqualTo(1024);

        assertThat(lowered.workOf("wrong password", dear, false)).isEqualTo(3 * 2 * 1024);

        assertThat(lowered.workOf("wrong password", Optional.empty(), false)).isEqualTo(3 * 2 * 1024);
    }

    @Test
    void hash_isComputedOnAPlatformThreadOfItsOwn() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Argon2id real = Argon2id.withKeptMemory(1024);
        try (Passwords watched =
                new Passwords(TestServices.options(Path.of("unused")), (password, salt, cost, length) -> {
                    threads.add(Thread.currentThread());
                    return real.compute(password, salt, cost, length);
                })) {
            assertThat(watched.matches("pass phrase", Optional.of(watched.hash("pass phrase"))))
                    .isTrue();
        }

        assertThat(threads)
                .hasSize(2)
                .allMatch(thread -> !thread.isVirtual() && thread.getName().startsWith("password-"));
    }

    @Test
    void hash_afterTheServerHasClosed_isRefused() {
        Passwords closed = new Passwords(TestServices.options(Path.of("unused")));
        assertThat(closed.hash("pass phrase").encoded()).isNotEmpty();

        closed.close();

        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> closed.hash("pass phrase"));
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

    /** Passwords whose work is counted, done by the real algorithm. */
    private static final class Counted {

        private final List<Argon2Cost> costs = new CopyOnWriteArrayList<>();
        private final Passwords passwords;

        Counted(String... options) {
            Argon2id real = Argon2id.withKeptMemory(1024);
            passwords =
                    new Passwords(TestServices.options(Path.of("unused"), options), (password, salt, cost, length) -> {
                        costs.add(cost);
                        return real.compute(password, salt, cost, length);
                    });
        }

        long workOf(String password, Optional<PasswordHash> hash, boolean right) {
            costs.clear();
            assertThat(passwords.matches(password, hash)).isEqualTo(right);
            return costs.stream().mapToLong(Argon2Cost::work).sum();
        }
    }
}
