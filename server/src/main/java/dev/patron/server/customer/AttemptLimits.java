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

    /** Counts an attempt for an account; zero when it may go on, else how long to wait. */
    public Duration countForAccount(String storeHash, String email) {
        return count(accounts.get(account(storeHash, email)));
    }

    /** Counts an attempt from an address; zero when it may go on, else how long to wait. */
    public Duration countForAddress(InetAddress address) {
        return count(addresses.get(network(address)));
    }

    /** The attempt for the account was right after all: it does not count. */
    public void forgiveAccount(String storeHash, String email) {
        accounts.get(account(storeHash, email)).addTokens(1);
    }

    /** The attempt from the address was right after all: it does not count, since many customers may share one. */
    public void forgiveAddress(InetAddress address) {
        addresses.get(network(address)).addTokens(1);
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
