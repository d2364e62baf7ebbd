package dev.patron.server.customer;

import dev.patron.server.http.Problem;
import dev.patron.server.http.RefusedException;
import dev.patron.server.options.Options;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * Hashes and checks passwords with Argon2id (RFC 9106), only so many at once: each takes memory and a processor for a
 * while. Thread-safe.
 */
public final class Passwords {

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MAX_LENGTH = 256;

    private final Argon2PasswordEncoder argon2id;
    private final int minLength;
    private final Semaphore atOnce;
    private final Duration wait;
    private final PasswordHash nobodys;

    /** Passwords hashed as the operator has set. */
    public Passwords(Options options) {
        int kibibytes = options.get(Options.PASSWORD_MEMORY) / 1024;
        int iterations = options.get(Options.PASSWORD_ITERATIONS);
        this.argon2id = new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, kibibytes, iterations);
        this.minLength = options.get(Options.PASSWORD_MIN_LENGTH);
        this.atOnce = new Semaphore(options.get(Options.PASSWORD_HASHES_AT_ONCE), true);
        this.wait = options.get(Options.DATABASE_WAIT);
        this.nobodys = nobodys(kibibytes, iterations);
    }

    /** A hash that no password is known to have. It takes as much work to check as any other, and none to make. */
    private static PasswordHash nobodys(int kibibytes, int iterations) {
        return new PasswordHash("$argon2id$v=19$m=" + kibibytes + ",t=" + iterations + ",p=" + LANES + "$"
                + random(SALT_BYTES) + "$" + random(HASH_BYTES));
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** How many characters a new password has at least. */
    public int minLength() {
        return minLength;
    }

    /** What is wrong with a new password, if anything. */
    public Optional<String> fault(String password) {
        if (password.codePointCount(0, password.length()) < minLength) {
            return Optional.of("Choose a password with at least " + minLength + " characters.");
        }
        if (password.length() > MAX_LENGTH) {
            return Optional.of("Choose a password with at most " + MAX_LENGTH + " characters.");
        }
        return Optional.empty();
    }

    /**
     * Hashes a password under a new salt.
     *
     * @throws RefusedException 503 when too many hashes are being computed
     */
    public PasswordHash hash(String password) {
        return bounded(() -> new PasswordHash(argon2id.encode(password)));
    }

    /**
     * Whether a password has this hash. The same work is done without a hash and for whatever is typed, so that the time
     * does not tell whether there is an account.
     *
     * @throws RefusedException 503 when too many hashes are being computed
     */
    public boolean matches(String password, Optional<PasswordHash> hash) {
        // The encoder would answer for an empty password without any work.
        boolean possible = !password.isEmpty() && password.length() <= MAX_LENGTH;
        String candidate = possible ? password : "nobody's";
        boolean matches =
                bounded(() -> argon2id.matches(candidate, hash.orElse(nobodys).encoded()));
        return matches && possible && hash.isPresent();
    }

    /** Whether the operator has raised memory or passes since this hash was made. */
    boolean isOutdated(PasswordHash hash) {
        return argon2id.upgradeEncoding(hash.encoded());
    }

    private <T> T bounded(Supplier<T> work) {
        boolean acquired = false;
        try {
            acquired = atOnce.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
            if (!acquired) {
                throw new RefusedException(Problem.UNAVAILABLE);
            }
            return work.get();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Problem.UNAVAILABLE);
        } finally {
            if (acquired) {
                atOnce.release();
            }
        }
    }
}
