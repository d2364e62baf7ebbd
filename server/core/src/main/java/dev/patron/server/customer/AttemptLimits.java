package dev.patron.server.customer;

import dev.patron.server.app.MasterKey;
import dev.patron.server.compute.OverloadedException;
import dev.patron.server.limit.RateLimiter;
import dev.patron.server.limit.RateLimiter.Permit;
import dev.patron.server.options.ClientNetwork;
import dev.patron.server.options.Options;
import dev.patron.server.valkey.Valkey;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Limits how often passwords are tried. Thread-safe.
 *
 * <p>A wrong attempt counts against its network address, its account at that network, and its account at all networks
 * together, whether the account exists or not. A browser that has signed in to the account before ({@link KnownDevices})
 * counts for itself only, so that nobody else can keep its owner out. Attempts of those who are signed in already count
 * apart, and so do codes of a second factor. A right attempt counts against its account and its address: checking a password
 * is work, right or wrong.
 */
public final class AttemptLimits {

    /** How an attempt counts against something. */
    private enum Counts {
        /** When it is wrong. */
        WRONG,
        /** When it is wrong, and when something later in the list turns it away: who goes on all the same is held up here. */
        WRONG_OR_TURNED_AWAY,
        /** When it is right. */
        RIGHT
    }

    private record Counter(RateLimiter limiter, String key, Counts counts) {
        @Override
        public String toString() {
            return "Counter[***]";
        }
    }

    private record Begun(Permit permit, Counts counts) {}

    private enum Outcome {
        NONE,
        TURNED_AWAY,
        WRONG,
        RIGHT
    }

    private final RateLimiter addresses;
    private final RateLimiter accountsAtNetworks;
    private final RateLimiter accounts;
    private final RateLimiter devices;
    private final RateLimiter signedIn;
    private final RateLimiter codes;
    private final RateLimiter rightOfAddresses;
    private final RateLimiter rightOfAccounts;
    private final KnownDevices knownDevices;

    /**
     * Limits as the operator has set them.
     *
     * @param who signs in, such as {@code customer}: what is counted for others does not count for them
     */
    public AttemptLimits(
            Options options, Optional<Valkey> valkey, MasterKey masterKey, InstantSource clock, String who) {
        Duration window = options.get(Options.SIGN_IN_WINDOW);
        int ofAccount = options.get(Options.SIGN_IN_ATTEMPTS_PER_ACCOUNT);
        int ofAddress = options.get(Options.SIGN_IN_ATTEMPTS_PER_ADDRESS);
        int inAll = Math.max(ofAccount, options.get(Options.SIGN_IN_ATTEMPTS_PER_ACCOUNT_IN_ALL));
        this.addresses = RateLimiter.of(valkey, who + "-address", ofAddress, window);
        this.accountsAtNetworks = RateLimiter.of(valkey, who + "-account-network", ofAccount, window);
        this.accounts = RateLimiter.of(valkey, who + "-account", inAll, window);
        this.devices = RateLimiter.of(valkey, who + "-device", ofAccount, window);
        this.signedIn = RateLimiter.of(valkey, who + "-signed-in", ofAccount, window);
        this.codes = RateLimiter.of(valkey, who + "-code", ofAddress, window);
        this.rightOfAddresses = RateLimiter.of(
                valkey, who + "-right-address", options.get(Options.SIGN_IN_SUCCESSES_PER_ADDRESS), window);
        this.rightOfAccounts = RateLimiter.of(
                valkey, who + "-right-account", options.get(Options.SIGN_IN_SUCCESSES_PER_ACCOUNT), window);
        this.knownDevices = new KnownDevices(masterKey, clock, who);
    }

    /** The browsers that have signed in before. */
    public KnownDevices knownDevices() {
        return knownDevices;
    }

    /** Counts something that is never right, such as a new account; zero when it may go on, else how long to wait. */
    public Duration countForAddress(InetAddress address) {
        return addresses.take(ClientNetwork.of(address).text());
    }

    /**
     * Makes an attempt, which counts for what it turns out to be. One that comes to no end, since storage is away, does not
     * count: an outage locks nobody out.
     *
     * @param tooMany what comes of it instead when it has to wait for so long
     */
    public <T> T attempt(
            String storeHash,
            String email,
            SignInSource from,
            Supplier<T> attempt,
            Predicate<T> right,
            Function<Duration, T> tooMany) {
        return counted(counters(account(storeHash, email), from), attempt, right, tooMany);
    }

    /**
     * Lets somebody who has shown the right password show a code. Wrong ones count against the address, and not as passwords.
     *
     * @param tooMany what comes of it instead when it has to wait for so long
     */
    public <T> T attemptCode(InetAddress from, Supplier<T> attempt, Predicate<T> right, Function<Duration, T> tooMany) {
        return counted(
                List.of(new Counter(codes, ClientNetwork.of(from).text(), Counts.WRONG)), attempt, right, tooMany);
    }

    private List<Counter> counters(String account, SignInSource from) {
        Counter ofAccount = new Counter(accounts, account, Counts.WRONG);
        Counter rightOfAccount = new Counter(rightOfAccounts, account, Counts.RIGHT);
        return switch (from) {
            case SignInSource.SignedIn _ -> List.of(new Counter(signedIn, account, Counts.WRONG), rightOfAccount);
            case SignInSource.App _ ->
                List.of(new Counter(accountsAtNetworks, account + " app", Counts.WRONG), ofAccount, rightOfAccount);
            case SignInSource.Browser browser -> {
                String network = ClientNetwork.of(browser.address()).text();
                Counter rightOfAddress = new Counter(rightOfAddresses, network, Counts.RIGHT);
                yield browser.device()
                        .map(id -> List.of(new Counter(devices, id, Counts.WRONG), rightOfAddress, rightOfAccount))
                        .orElseGet(() -> List.of(
                                // First: whoever has no attempts left must not use up those of an account.
                                new Counter(addresses, network, Counts.WRONG_OR_TURNED_AWAY),
                                new Counter(accountsAtNetworks, account + " " + network, Counts.WRONG),
                                ofAccount,
                                rightOfAddress,
                                rightOfAccount));
            }
        };
    }

    private <T> T counted(
            List<Counter> counters, Supplier<T> attempt, Predicate<T> right, Function<Duration, T> tooMany) {
        List<Begun> begun = new ArrayList<>(counters.size());
        Duration wait = Duration.ZERO;
        Outcome outcome = Outcome.NONE;
        try {
            for (Counter counter : counters) {
                Permit permit = counter.limiter().begin(counter.key());
                wait = permit.retryAfter();
                if (wait.isPositive()) {
                    outcome = counter.counts() == Counts.RIGHT ? Outcome.NONE : Outcome.TURNED_AWAY;
                    break;
                }
                begun.add(new Begun(permit, counter.counts()));
            }
            if (wait.isZero()) {
                T result = attempt.get();
                outcome = right.test(result) ? Outcome.RIGHT : Outcome.WRONG;
                return result;
            }
        } catch (OverloadedException overloaded) {
            // Whoever fills the queue of hashes uses up what their address may try, and nothing of the account.
            outcome = Outcome.TURNED_AWAY;
            throw overloaded;
        } finally {
            for (Begun each : begun) {
                each.permit().end(counts(each.counts(), outcome));
            }
        }
        return tooMany.apply(wait);
    }

    private static boolean counts(Counts counts, Outcome outcome) {
        return switch (outcome) {
            case NONE -> false;
            case TURNED_AWAY -> counts == Counts.WRONG_OR_TURNED_AWAY;
            case WRONG -> counts != Counts.RIGHT;
            case RIGHT -> counts == Counts.RIGHT;
        };
    }

    /** No account has a longer address than the cut, so that what is remembered of made-up ones stays small. */
    private static String account(String storeHash, String email) {
        String key = NewCustomer.emailKey(email);
        return storeHash + " " + key.substring(0, Math.min(NewCustomer.MAX_EMAIL_LENGTH, key.length()));
    }
}
