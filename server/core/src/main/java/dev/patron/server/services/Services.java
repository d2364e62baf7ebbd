package dev.patron.server.services;

import dev.patron.server.access.AccessTokens;
import dev.patron.server.app.Apps;
import dev.patron.server.app.MasterKey;
import dev.patron.server.app.Rotation;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.AuditLog;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.audit.Recorder;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.inspection.Inspector;
import dev.patron.server.issuance.Issuance;
import dev.patron.server.issuance.IssuanceRate;
import dev.patron.server.issuance.IssuanceReader;
import dev.patron.server.issuance.TestTokens;
import dev.patron.server.issuance.TokenIssuer;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.member.MemberSessions;
import dev.patron.server.member.Members;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.script.Scripts;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.session.LastSeen;
import dev.patron.server.session.SessionLimits;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.Transfer;
import dev.patron.server.store.Stores;
import dev.patron.server.trace.Traces;
import dev.patron.server.valkey.Valkey;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The domain of one server on its storage. Only what wires takes all of it; every other class takes what it uses. Its parts are
 * thread-safe.
 */
public final class Services implements AutoCloseable {

    public final Options options;
    public final InstantSource clock;
    public final Database database;
    public final MasterKey masterKey;
    public final Optional<Valkey> valkey;
    public final Traces traces;
    public final Metrics metrics = new Metrics();

    public final Stores stores;
    public final SessionLimits sessionLimits;
    public final Sessions sessions;
    public final LastSeen lastSeen;
    public final Passwords passwords;
    public final AttemptLimits customerAttempts;
    public final Customers customers;
    public final OneTimeLinks links;
    public final PasswordLinks passwordLinks;

    public final Apps apps;
    public final Rotation rotation;
    public final Inspector inspector;
    public final CustomerLogins logins;
    public final Scripts scripts;

    public final AuditLog auditLog;
    /** The audit log; nothing, for measuring what it costs. */
    public final Recorder recorder;

    public final Disclosures disclosures;
    public final Activity activity;
    public final Issuance issuance;
    public final TestTokens testTokens;

    public final MemberSessions memberSessions;
    public final SecondFactor secondFactor;
    public final AttemptLimits memberAttempts;
    public final Members members;
    public final AccessTokens accessTokens;

    private Services(Storage storage, Options options, InstantSource clock, boolean recordsTokens) {
        this.options = options;
        this.clock = clock;
        database = storage.database();
        masterKey = storage.masterKey();
        valkey = storage.valkey();
        traces = storage.traces();

        auditLog = new AuditLog(database, options, clock);
        recorder = recordsTokens ? auditLog : Recorder.NONE;
        disclosures = new Disclosures(database);
        activity = new Activity(database);

        stores = new Stores(database, clock);
        sessionLimits = SessionLimits.of(options);
        sessions = Sessions.of(database, valkey, sessionLimits, clock);
        lastSeen = new LastSeen(sessions);
        passwords = new Passwords(options);
        customerAttempts = new AttemptLimits(options, valkey, masterKey, clock, "customer");
        customers = new Customers(database, sessions, auditLog, passwords, customerAttempts, clock);
        links = new OneTimeLinks(database, clock);
        passwordLinks = new PasswordLinks(database, links, customers, sessions, passwords, clock);

        apps = new Apps(database, masterKey, clock);
        rotation = new Rotation(database, masterKey, clock);
        inspector = new Inspector(rotation, clock);
        logins = new CustomerLogins(database, apps, rotation, customers, clock);
        scripts = new Scripts(database, clock);
        IssuanceReader reader = new IssuanceReader(database, sessions);
        TokenIssuer issuer = new TokenIssuer(masterKey, recorder);
        IssuanceRate rate = new IssuanceRate(options, valkey);
        issuance = new Issuance(reader, sessionLimits, lastSeen, rate, issuer, metrics, clock);
        testTokens = new TestTokens(reader, issuer, clock);

        memberSessions = new MemberSessions(database, options, clock);
        secondFactor = new SecondFactor(database, masterKey, clock);
        memberAttempts = new AttemptLimits(options, valkey, masterKey, clock, "member");
        members = new Members(database, memberSessions, secondFactor, links, passwords, memberAttempts, clock);
        accessTokens = new AccessTokens(database, clock);
    }

    /**
     * Opens storage, migrating it when it is older.
     *
     * @throws InvalidOptionException when the master key is not the one that storage was written with
     */
    public static Services open(Options options, InstantSource clock) {
        return open(options, clock, true);
    }

    /** Opens services that record no token: for measuring what the audit log costs, and for nothing else. */
    public static Services openWithoutAuditLog(Options options, InstantSource clock) {
        return open(options, clock, false);
    }

    private static Services open(Options options, InstantSource clock, boolean recordsTokens) {
        Storage storage = Storage.open(options);
        try {
            Services services = new Services(storage, options, clock, recordsTokens);
            services.apps.requireMasterKey();
            return services;
        } catch (RuntimeException | Error failed) {
            storage.close();
            throw failed;
        }
    }

    /** Whether everything answers that requests need. */
    public boolean isReady() {
        return database.answers() && valkey.map(Valkey::answers).orElse(true);
    }

    /** Writes what waits to be written, then closes storage. */
    @Override
    public void close() {
        try {
            passwords.close();
            auditLog.close();
            lastSeen.write();
        } finally {
            new Storage(database, masterKey, valkey, traces).close();
        }
    }

    /** Everything outside of this process, and the key to what is sealed there. */
    private record Storage(Database database, MasterKey masterKey, Optional<Valkey> valkey, Traces traces) {

        static Storage open(Options options) {
            Database database = Database.open(options);
            Optional<Valkey> valkey = Optional.empty();
            try {
                Transfer.requireFinished(database);
                MasterKey masterKey = MasterKey.of(options);
                valkey = Valkey.open(options, database, masterKey);
                return new Storage(database, masterKey, valkey, Traces.of(options.openTelemetry()));
            } catch (RuntimeException | Error failed) {
                valkey.ifPresent(Valkey::close);
                database.close();
                throw failed;
            }
        }

        void close() {
            valkey.ifPresent(Valkey::close);
            database.close();
            traces.close();
        }
    }
}
