package dev.patron.spring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patron.token.CurrentCustomer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps sessions in memory, by the hashes of their ids. */
final class MemorySessions implements CustomerSessions {

    private static final int ID_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Kept(CurrentCustomer customer, Instant endsAt) {}

    private final @Nullable Duration lifetime;
    private final InstantSource clock;
    private final Cache<String, Kept> sessions;

    MemorySessions(@Nullable Duration lifetime, int maxSessions, InstantSource clock) {
        this.lifetime = lifetime;
        this.clock = clock;
        this.sessions = Caffeine.newBuilder().maximumSize(maxSessions).build();
    }

    @Override
    public CustomerSession begin(CurrentCustomer customer) {
        byte[] bits = new byte[ID_BYTES];
        RANDOM.nextBytes(bits);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        Instant endsAt =
                lifetime == null ? customer.expiresAt() : clock.instant().plus(lifetime);
        sessions.put(Fingerprint.of(id), new Kept(customer, endsAt));
        return new CustomerSession(id, endsAt);
    }

    @Override
    public Optional<CurrentCustomer> find(String id) {
        String key = Fingerprint.of(id);
        Kept kept = sessions.getIfPresent(key);
        if (kept == null) {
            return Optional.empty();
        }
        if (!clock.instant().isBefore(kept.endsAt())) {
            sessions.invalidate(key);
            return Optional.empty();
        }
        return Optional.of(kept.customer());
    }

    @Override
    public void end(String id) {
        sessions.invalidate(Fingerprint.of(id));
    }
}
