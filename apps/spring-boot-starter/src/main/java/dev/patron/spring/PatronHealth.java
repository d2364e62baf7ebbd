package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether the clocks of stores and app agree, and how old the newest secret is. It is down while tokens were refused lately for coming
 * from the future and none was accepted since: then the app's clock is behind, and no customer gets in.
 */
final class PatronHealth extends AbstractHealthIndicator implements TokenObserver {

    private static final Duration LATELY = Duration.ofMinutes(5);

    private final @Nullable Instant secretChangedAt;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Duration> youngest = new AtomicReference<>();
    private final AtomicReference<@Nullable Instant> refusedAt = new AtomicReference<>();

    PatronHealth(@Nullable Instant secretChangedAt, InstantSource clock) {
        super("Whether the clocks agree cannot be told");
        this.secretChangedAt = secretChangedAt;
        this.clock = clock;
    }

    @Override
    public void accepted(CurrentCustomer customer) {
        Duration age = Duration.between(customer.issuedAt(), clock.instant());
        youngest.accumulateAndGet(age, (known, other) -> known != null && known.compareTo(age) < 0 ? known : age);
        refusedAt.set(null);
    }

    @Override
    public void refused(String id) {
        if (id.equals(Reason.ISSUED_IN_THE_FUTURE.id())) {
            refusedAt.set(clock.instant());
        }
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Instant refused = refusedAt.get();
        boolean behind = refused != null && refused.plus(LATELY).isAfter(clock.instant());
        builder.status(behind ? "DOWN" : "UP")
                .withDetail("clock", behind ? "behind the stores': set it right" : "agrees with the stores'");
        Duration age = youngest.get();
        if (age != null) {
            builder.withDetail("youngestTokenSeconds", age.toSeconds());
        }
        if (secretChangedAt != null) {
            builder.withDetail(
                    "clientSecretDays",
                    Duration.between(secretChangedAt, clock.instant()).toDays());
        }
    }
}
