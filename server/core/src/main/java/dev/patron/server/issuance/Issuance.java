package dev.patron.server.issuance;

import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Outcome.Issued;
import dev.patron.endpoint.Outcome.Refused;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.Storefront;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.MasterKey;
import dev.patron.server.audit.Disclosed;
import dev.patron.server.audit.Recorder;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.metrics.Metrics.Stage;
import dev.patron.server.metrics.Metrics.Timing;
import dev.patron.server.options.Options;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.session.DatabaseSessions;
import dev.patron.server.session.LastSeen;
import dev.patron.server.session.SessionLimits;
import dev.patron.server.session.Sessions;
import dev.patron.server.session.ValkeySessions;
import dev.patron.server.sql.Database;
import dev.patron.server.valkey.Valkey;
import dev.patron.token.CurrentCustomerClaims;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The heart: vouches for the customer of a session to one app, or says why not. Everything is read anew for each token,
 * so a sign-out, a changed group, a disabled app or a new secret counts from the next request on. Thread-safe.
 */
public final class Issuance {

    /** The channel of a store that has only one. */
    private static final long ONLY_CHANNEL = 1;

    /** Claims about the customer that each token has. */
    private static final String ALWAYS = "id email group_id";

    private final Database database;
    private final Sessions sessions;
    private final SessionLimits limits;
    private final LastSeen lastSeen;
    private final IssuanceRate rate;
    private final Signers signers;
    private final Recorder recorder;
    private final Metrics metrics;
    private final InstantSource clock;

    /** Issues tokens from what a database says, and records each. */
    public Issuance(
            Database database,
            Sessions sessions,
            Options options,
            MasterKey masterKey,
            LastSeen lastSeen,
            Optional<Valkey> valkey,
            Recorder recorder,
            Metrics metrics,
            InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.limits = SessionLimits.of(options);
        this.lastSeen = lastSeen;
        this.rate = new IssuanceRate(options, valkey);
        this.signers = new Signers(masterKey);
        this.recorder = recorder;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Asks for a token as a page of the store at a host does. It is recorded before it is returned; when it cannot be recorded, it is refused.
     *
     * @param host the host that was asked, in lower case and without port
     * @param session the session id in the cookie
     * @param clientId a well-formed client id
     */
    public Outcome issue(String host, BearerSecret session, String clientId) {
        return Outcome.of(lookUp(host, session, clientId, null), false);
    }

    /** Answers as {@link #issue} would, for a request that reveals no token: nothing is recorded. */
    public Outcome dryRun(String host, BearerSecret session, String clientId) {
        return Outcome.of(lookUp(host, session, clientId, null), true);
    }

    /**
     * Asks storage for everything that a token is made from, and for what it says of an origin, at once.
     *
     * @param session null when the request has none
     * @param origin the origin that the browser names, or null
     */
    Found lookUp(String host, @Nullable BearerSecret session, String clientId, @Nullable String origin) {
        IssuanceData.Question question = new IssuanceData.Question(
                host, session == null ? null : session.hash(), clientId, origin, clock.instant());
        try (Timing _ = metrics.time(Stage.STORAGE)) {
            return new Found(
                    question,
                    switch (sessions) {
                        case DatabaseSessions _ ->
                            database.<@Nullable IssuanceData>query(
                                    connection -> IssuanceData.read(connection, question));
                        case ValkeySessions elsewhere -> {
                            ValkeySessions.@Nullable Found found = question.session() == null
                                    ? null
                                    : elsewhere.read(question.session()).orElse(null);
                            yield database.<@Nullable IssuanceData>query(
                                    connection -> IssuanceData.read(connection, question, found));
                        }
                    });
        }
    }

    /** What storage says of a request. */
    final class Found implements Storefront.LookUp {

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
                return vouch(
                        signers,
                        dryRun ? Recorder.NONE : recorder,
                        known().storeHash(),
                        vouching,
                        question.clientId(),
                        Objects.requireNonNull(known().app()),
                        question.now());
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

    /** Makes the token and records it; when it cannot be recorded, it is refused. */
    static Outcome vouch(
            Signers signers,
            Recorder record,
            String storeHash,
            IssuanceData.Vouching vouching,
            String clientId,
            IssuanceData.SigningApp app,
            Instant now) {
        String token = signers.of(clientId, app).sign(claims(storeHash, vouching, clientId, app, now));
        Disclosed disclosed =
                new Disclosed(now, storeHash, clientId, claimNames(app), app.secretId(), vouching.customerKey());
        return record.disclosed(disclosed) ? new Issued(token) : new Refused(Problem.UNAVAILABLE);
    }

    /** What a token tells about the customer and the visit, beside whom it is from and for, and when. */
    private static String claimNames(IssuanceData.SigningApp app) {
        String jwtId = app.jwtId() ? " " + ExtraClaim.JWT_ID.claim() : "";
        String channelId = app.channelId() ? " " + ExtraClaim.CHANNEL_ID.claim() : "";
        return ALWAYS + jwtId + channelId;
    }

    private static CurrentCustomerClaims claims(
            String storeHash,
            IssuanceData.Vouching vouching,
            String clientId,
            IssuanceData.SigningApp app,
            Instant now) {
        CurrentCustomerClaims claims = CurrentCustomerClaims.of(
                clientId, storeHash, vouching.customerId(), vouching.email(), vouching.groupId(), now);
        if (app.jwtId()) {
            claims = claims.withJwtId(UUID.randomUUID().toString());
        }
        return app.channelId() ? claims.withChannelId(ONLY_CHANNEL) : claims;
    }
}
