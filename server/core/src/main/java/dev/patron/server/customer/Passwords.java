package dev.patron.server.customer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patron.server.compute.ComputePool;
import dev.patron.server.compute.OverloadedException;
import dev.patron.server.options.Options;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Hashes and checks passwords with Argon2id (RFC 9106), on a few platform threads of its own, so that requests which need no
 * password go on meanwhile. Thread-safe.
 *
 * <p>Every check does the same work, so that its time does not tell whether there is an account, or since when. A check of a
 * hash that costs less than a hash costs today is followed by as much work for nothing as is missing. A check without a hash
 * is made against one that nobody's password has. After the operator has lowered the cost, hashes made before cost more: the
 * first one that is checked raises the work of every later check, until the server is started again.
 */
public final class Passwords implements AutoCloseable {

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MAX_LENGTH = 256;

    /** Argon2 has no smaller memory. */
    private static final int LEAST_KIBIBYTES = 8;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Argon2id argon2id;
    private final Argon2Cost cost;
    private final int minLength;
    private final ComputePool pool;
    private final Duration wait;
    private final Argon2Hash nobodys;
    private final AtomicLong workOfACheck;

    /** Passwords hashed as the operator has set. Its threads end when it is closed. */
    public Passwords(Options options) {
        this(options, Argon2id.withKeptMemory(options.get(Options.PASSWORD_MEMORY) / 1024));
    }

    Passwords(Options options, Argon2id argon2id) {
        this.argon2id = argon2id;
        this.cost = new Argon2Cost(
                options.get(Options.PASSWORD_MEMORY) / 1024, options.get(Options.PASSWORD_ITERATIONS), LANES);
        this.minLength = options.get(Options.PASSWORD_MIN_LENGTH);
        this.pool = new ComputePool(
                "password",
                ComputePool.threads(options.get(Options.PASSWORD_HASHES_AT_ONCE)),
                options.get(Options.PASSWORDS_WAITING));
        this.wait = options.get(Options.DATABASE_WAIT);
        this.nobodys = new Argon2Hash(cost, random(SALT_BYTES), random(HASH_BYTES));
        this.workOfACheck = new AtomicLong(cost.work());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
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
     * @throws OverloadedException when too many hashes wait to be computed, or this one has waited for too long
     */
    public PasswordHash hash(String password) {
        byte[] salt = random(SALT_BYTES);
        return computed(
                () -> new Argon2Hash(cost, salt, argon2id.compute(password.getBytes(UTF_8), salt, cost, HASH_BYTES))
                        .encoded());
    }

    /**
     * Whether a password has this hash. The work is the same for every hash, without one, and for whatever is typed.
     *
     * @throws OverloadedException when too many hashes wait to be computed, or this one has waited for too long
     */
    public boolean matches(String password, Optional<PasswordHash> hash) {
        boolean possible = !password.isEmpty() && password.length() <= MAX_LENGTH;
        byte[] candidate = (possible ? password : "nobody's").getBytes(UTF_8);
        Optional<Argon2Hash> known = hash.flatMap(Argon2Hash::parse);
        Argon2Hash checked = known.orElse(nobodys);
        boolean matches = computed(() -> {
            boolean right = checked.isOf(candidate, argon2id);
            long work = checked.cost().work();
            workForNothing(workOfACheck.accumulateAndGet(work, Math::max) - work);
            return right;
        });
        return matches && possible && known.isPresent();
    }

    /** In no more memory than a hash takes anyway. */
    private void workForNothing(long work) {
        int passes = Math.ceilDiv((int) Math.min(work, Integer.MAX_VALUE), cost.kibibytes());
        if (passes > 0 && work / passes >= LEAST_KIBIBYTES) {
            var _ = argon2id.compute(
                    new byte[0],
                    new byte[SALT_BYTES],
                    new Argon2Cost((int) (work / passes), passes, LANES),
                    HASH_BYTES);
        }
    }

    /** Whether the operator has raised memory or passes since this hash was made. */
    boolean isOutdated(PasswordHash hash) {
        return Argon2Hash.parse(hash)
                .map(Argon2Hash::cost)
                .filter(made -> made.kibibytes() >= cost.kibibytes() && made.passes() >= cost.passes())
                .isEmpty();
    }

    private <T> T computed(Supplier<T> work) {
        return pool.call(wait, work);
    }

    /** Computes no further hash. */
    @Override
    public void close() {
        pool.close();
    }
}
