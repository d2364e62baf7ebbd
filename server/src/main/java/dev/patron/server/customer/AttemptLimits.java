package dev.patron.server.customer;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.patron.server.options.Options;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Limits attempts to guess passwords: per account, whether it exists or not, and per network address. Thread-safe, in
 * memory, bounded.
 */
public final class AttemptLimits {

    private static final int MAX_ENTRIES = 100_000;

    private final LoadingCache<String, Bucket> accounts;
    private final LoadingCache<String, Bucket> addresses;

    /** Limits as the operator has set them. */
    public AttemptLimits(Options options) {
        Duration window = options.get(Options.SIGN_IN_WINDOW);
        this.accounts = buckets(options.get(Options.SIGN_IN_ATTEMPTS_PER_ACCOUNT), window);
        this.addresses = buckets(options.get(Options.SIGN_IN_ATTEMPTS_PER_ADDRESS), window);
    }

    /** Counts something that is never right, such as a new account; zero when it may go on, else how long to wait. */
    public Duration countForAddress(InetAddress address) {
        return count(addresses.get(network(address)));
    }

    /**
     * Makes an attempt, which counts unless it is right. One that comes to no end, since storage is away, does not count
     * either: an outage locks nobody out.
     *
     * @param from where from, if attempts from there are to be counted too
     * @param tooMany what comes of it instead when it has to wait for so long
     */
    public <T> T attempt(
            String storeHash,
            String email,
            Optional<InetAddress> from,
            Supplier<T> attempt,
            Predicate<T> right,
            Function<Duration, T> tooMany) {
        Duration wait = from.map(this::countForAddress).orElse(Duration.ZERO);
        if (!wait.isPositive()) {
            // Only then: whoever has no attempts left must not use up those of an account.
            wait = countForAccount(storeHash, email);
        }
        if (wait.isPositive()) {
            return tooMany.apply(wait);
        }
        boolean counts = false;
        try {
            T outcome = attempt.get();
            counts = !right.test(outcome);
            return outcome;
        } finally {
            if (!counts) {
                accounts.get(account(storeHash, email)).addTokens(1);
                // Many customers may share one address.
                from.ifPresent(address -> addresses.get(network(address)).addTokens(1));
            }
        }
    }

    private Duration countForAccount(String storeHash, String email) {
        return count(accounts.get(account(storeHash, email)));
    }

    private static Duration count(Bucket bucket) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    /** No account has a longer address than the cut, so that what is remembered of made-up ones stays small. */
    private static String account(String storeHash, String email) {
        String key = NewCustomer.emailKey(email);
        return storeHash + " " + key.substring(0, Math.min(NewCustomer.MAX_EMAIL_LENGTH, key.length()));
    }

    /** One IPv6 customer has a whole /64. */
    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    private static LoadingCache<String, Bucket> buckets(int attempts, Duration window) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterAccess(window)
                .build(_ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(attempts).refillGreedy(attempts, window))
                        .build());
    }
}
