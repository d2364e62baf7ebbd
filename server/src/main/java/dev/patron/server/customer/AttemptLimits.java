package dev.patron.server.customer;

import dev.patron.server.limit.Allowance;
import dev.patron.server.limit.Allowance.Turn;
import dev.patron.server.options.Options;
import dev.patron.server.valkey.Valkey;
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
 * Limits attempts to guess passwords: per account, whether it exists or not, and per network address. Thread-safe.
 */
public final class AttemptLimits {

    private final Allowance accounts;
    private final Allowance addresses;

    /**
     * Limits as the operator has set them.
     *
     * @param who signs in, such as {@code customer}: what is counted for others does not count for them
     */
    public AttemptLimits(Options options, Optional<Valkey> valkey, String who) {
        Duration window = options.get(Options.SIGN_IN_WINDOW);
        this.accounts =
                Allowance.of(valkey, who + "-account", options.get(Options.SIGN_IN_ATTEMPTS_PER_ACCOUNT), window);
        this.addresses =
                Allowance.of(valkey, who + "-address", options.get(Options.SIGN_IN_ATTEMPTS_PER_ADDRESS), window);
    }

    /** Counts something that is never right, such as a new account; zero when it may go on, else how long to wait. */
    public Duration countForAddress(InetAddress address) {
        return addresses.take(network(address));
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
        Optional<Turn> ofAddress = from.map(address -> addresses.begin(network(address)));
        Duration wait = ofAddress.map(Turn::toWait).orElse(Duration.ZERO);
        if (wait.isPositive()) {
            // Whoever has no attempts left must not use up those of an account.
            return tooMany.apply(wait);
        }
        boolean counts = false;
        try {
            Turn ofAccount = accounts.begin(account(storeHash, email));
            if (ofAccount.toWait().isPositive()) {
                counts = true;
                return tooMany.apply(ofAccount.toWait());
            }
            try {
                T outcome = attempt.get();
                counts = !right.test(outcome);
                return outcome;
            } finally {
                ofAccount.end(counts);
            }
        } finally {
            // What is right does not count: many customers may share one address.
            boolean counted = counts;
            ofAddress.ifPresent(turn -> turn.end(counted));
        }
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
}
