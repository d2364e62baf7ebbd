package dev.patron.server.issuance;

import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Outcome.Refused;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.Storefront;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.metrics.Metrics.Stage;
import dev.patron.server.metrics.Metrics.Timing;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.session.LastSeen;
import dev.patron.server.session.SessionLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what a token for a session depends on, and issues it within limits. Everything is read anew for each token, so a
 * sign-out, a changed group, a disabled app or a new secret counts from the next request on. Thread-safe.
 */
public final class Issuance {

    private final IssuanceReader reader;
    private final SessionLimits limits;
    private final LastSeen lastSeen;
    private final IssuanceRate rate;
    private final TokenIssuer issuer;
    private final Metrics metrics;
    private final InstantSource clock;

    /** Issues tokens of what a reader finds. */
    public Issuance(
            IssuanceReader reader,
            SessionLimits limits,
            LastSeen lastSeen,
            IssuanceRate rate,
            TokenIssuer issuer,
            Metrics metrics,
            InstantSource clock) {
        this.reader = reader;
        this.limits = limits;
        this.lastSeen = lastSeen;
        this.rate = rate;
        this.issuer = issuer;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Asks storage for everything that a token is made from, and for what it says of an origin, at once.
     *
     * @param host the host that was asked, in lower case and without port
     * @param session null when the request has none
     * @param clientId a well-formed client id
     * @param origin the origin that the browser names, or null
     */
    public Found lookUp(String host, @Nullable BearerSecret session, String clientId, @Nullable String origin) {
        IssuanceData.Question question = new IssuanceData.Question(
                host, session == null ? null : session.hash(), clientId, origin, clock.instant());
        try (Timing _ = metrics.time(Stage.STORAGE)) {
            return new Found(question, reader.read(question));
        }
    }

    /** What storage says of a request. */
    public final class Found implements Storefront.LookUp {

        private final IssuanceData.Question question;
        private final @Nullable IssuanceData data;

        private Found(IssuanceData.Question question, @Nullable IssuanceData data) {
            this.question = question;
            this.data = data;
        }

        @Override
        public boolean isStoreKnown() {
            return data != null;
        }

        @Override
        public String scheme() {
            return Objects.requireNonNull(known().origin()).storeScheme();
        }

        @Override
        public boolean originMayAsk() {
            return data != null && data.origin() != null && data.origin().mayAsk();
        }

        @Override
        public boolean isSignedIn() {
            IssuanceData.Vouching vouching = known().vouching();
            return question.session() != null
                    && vouching != null
                    && !vouching.disabled()
                    && !limits.ended(vouching.beganAt(), vouching.lastSeenAt(), question.now());
        }

        @Override
        public boolean isAppAllowed() {
            IssuanceData.SigningApp app = known().app();
            return app != null && app.allowed();
        }

        @Override
        public Outcome issue(boolean dryRun) {
            SecretHash session = Objects.requireNonNull(question.session());
            IssuanceData.Vouching vouching = Objects.requireNonNull(known().vouching());
            Duration wait = rate.count(session, question.clientId());
            if (wait.isPositive()) {
                return new Refused(Problem.rateLimited(wait));
            }
            lastSeen.note(session, vouching.lastSeenAt(), question.now());
            try (Timing _ = metrics.time(Stage.SIGNING)) {
                return dryRun
                        ? issuer.dryRun(known(), question.clientId(), question.now())
                        : issuer.issue(known(), question.clientId(), question.now());
            }
        }

        /** What storage says; null when the host belongs to no store. */
        @Nullable
        IssuanceData data() {
            return data;
        }

        private IssuanceData known() {
            return Objects.requireNonNull(data);
        }
    }
}
