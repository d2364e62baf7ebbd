package dev.patron.server;

import dev.patron.endpoint.CurrentCustomerEndpoint;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.account.AccountPages;
import dev.patron.server.api.Api;
import dev.patron.server.api.Idempotency;
import dev.patron.server.api.OperatorToken;
import dev.patron.server.app.Apps;
import dev.patron.server.app.MasterKey;
import dev.patron.server.app.Rotation;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.AuditLog;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.audit.Recorder;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.console.Console;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.developers.DeveloperPages;
import dev.patron.server.doctor.ServerChecks;
import dev.patron.server.http.HttpServer;
import dev.patron.server.http.Listener;
import dev.patron.server.http.ListenerKind;
import dev.patron.server.http.Routes;
import dev.patron.server.inspection.Inspector;
import dev.patron.server.issuance.Issuance;
import dev.patron.server.issuance.ServerStorefront;
import dev.patron.server.issuance.TestTokens;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.member.MemberSessions;
import dev.patron.server.member.Members;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.page.BrowserSessions;
import dev.patron.server.page.Pages;
import dev.patron.server.page.Theme;
import dev.patron.server.page.Visitors;
import dev.patron.server.panel.PanelPages;
import dev.patron.server.script.Scripts;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.session.LastSeen;
import dev.patron.server.session.SessionLimits;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.Transfer;
import dev.patron.server.storage.OutageLog;
import dev.patron.server.store.Storefronts;
import dev.patron.server.store.Stores;
import dev.patron.server.storefront.CurrentJwt;
import dev.patron.server.storefront.LoginTokenPage;
import dev.patron.server.trace.Traces;
import dev.patron.server.valkey.Valkey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The server, wired together: this is the only class that knows all others. {@link #open} it, add to it what a
 * storefront needs, {@link #start} it, {@link #close} it.
 */
public final class PatronServer implements AutoCloseable {

    private static final Duration LAST_SEEN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LEDGER_SWEEP_INTERVAL = Duration.ofMinutes(10);

    private final Options options;
    private final Database database;
    private final Optional<Valkey> valkey;
    private final Stores stores;
    private final Storefronts storefronts;
    private final Sessions sessions;
    private final LastSeen lastSeen;
    private final AuditLog auditLog;
    private final Disclosures disclosures;
    private final Activity activity;
    private final Passwords passwords;
    private final Customers customers;
    private final Apps apps;
    private final Rotation rotation;
    private final CustomerLogins logins;
    private final Members members;
    private final MemberSessions memberSessions;
    private final OneTimeLinks links;
    private final AccessTokens tokens;
    private final Scripts scripts;
    private final Pages pages;
    private final Routes storefront = new Routes(Set.of("GET", "HEAD", "POST"));
    private final Console console;
    private final Listener storefrontListener;
    private final Listener consoleListener;
    private final Traces traces;
    private final Metrics metrics = new Metrics();
    private final AtomicLong sessionCount = new AtomicLong();
    /** Of everything together that takes seconds. */
    private final ComputePool longWork = new ComputePool("long-work", 1, 4);

    private final Sweeper guard = new Sweeper("slow-clients");
    private final Sweeper sweeper = new Sweeper("sweeper");
    private final Sweeper auditLogWriter = new Sweeper("ledger");
    private final Idempotency idempotency;
    private @Nullable HttpServer http;

    private final InstantSource clock;

    private PatronServer(
            Options options,
            MasterKey masterKey,
            InstantSource clock,
            Theme theme,
            Database database,
            Optional<Valkey> valkey,
            Traces traces,
            boolean recordsTokens) {
        this.traces = traces;
        this.options = options;
        this.valkey = valkey;
        this.clock = clock;
        this.database = database;
        SessionLimits limits = SessionLimits.of(options);
        AttemptLimits attempts = new AttemptLimits(options, valkey, masterKey, clock, "customer");
        stores = new Stores(database, clock);
        sessions = Sessions.of(database, valkey, limits, clock);
        lastSeen = new LastSeen(sessions);
        auditLog = new AuditLog(database, options, clock);
        disclosures = new Disclosures(database);
        activity = new Activity(database);
        passwords = new Passwords(options);
        customers = new Customers(database, sessions, auditLog, passwords, attempts, clock);
        apps = new Apps(database, masterKey, clock);
        rotation = new Rotation(database, masterKey, clock);
        scripts = new Scripts(database, clock);
        pages = new Pages(stores, new Visitors(sessions, customers, lastSeen, clock), scripts, theme);

        Recorder recorder = recordsTokens ? auditLog : Recorder.NONE;
        Issuance issuance =
                new Issuance(database, sessions, options, masterKey, lastSeen, valkey, recorder, metrics, clock);
        CurrentJwt currentJwt = new CurrentJwt(
                new ServerStorefront(issuance, stores, recorder, metrics, new OutageLog(clock)), metrics);
        storefront
                .on("GET", CurrentCustomerEndpoint.PATH, currentJwt)
                .on("POST", CurrentCustomerEndpoint.PATH, currentJwt);
        Pages.addFilesTo(storefront);
        links = new OneTimeLinks(database, clock);
        PasswordLinks passwordLinks = new PasswordLinks(database, links, customers, sessions, passwords, clock);
        storefronts = new Storefronts(stores, this::storefrontPort);
        logins = new CustomerLogins(database, apps, rotation, customers, clock);
        BrowserSessions browserSessions = new BrowserSessions(sessions, limits);
        new LoginTokenPage(pages, logins, browserSessions, recorder).addTo(storefront);
        new AccountPages(pages, customers, sessions, passwords, passwordLinks, attempts, browserSessions)
                .addTo(storefront);
        storefrontListener =
                new Listener(ListenerKind.STOREFRONT, options, storefront, pages::sendProblem, metrics, traces, clock);
        memberSessions = new MemberSessions(database, options, clock);
        SecondFactor secondFactor = new SecondFactor(database, masterKey, clock);
        tokens = new AccessTokens(database, clock);
        idempotency = new Idempotency(database, masterKey, clock);
        AttemptLimits memberAttempts = new AttemptLimits(options, valkey, masterKey, clock, "member");
        members = new Members(database, memberSessions, secondFactor, links, passwords, memberAttempts, clock);
        console = new Console(
                this::isReady,
                members,
                memberSessions,
                secondFactor,
                tokens,
                links,
                passwords,
                memberAttempts,
                options);
        new Api(
                        database,
                        OperatorToken.of(options),
                        tokens,
                        stores,
                        apps,
                        logins,
                        rotation,
                        new Inspector(rotation, clock),
                        scripts,
                        customers,
                        passwords,
                        passwordLinks,
                        storefronts,
                        sessions,
                        disclosures,
                        activity,
                        members,
                        links,
                        options,
                        longWork,
                        new ServerChecks(database, apps, options, clock),
                        clock,
                        idempotency,
                        metrics)
                .addTo(console.routes());
        TestTokens testTokens = new TestTokens(database, masterKey, recorder, clock);
        new DeveloperPages(console.pages(), apps, rotation, members, stores, customers, testTokens, activity, clock)
                .addTo(console.routes());
        new PanelPages(
                        console.pages(),
                        stores,
                        customers,
                        passwordLinks,
                        passwords,
                        sessions,
                        apps,
                        logins,
                        scripts,
                        members,
                        links,
                        disclosures,
                        options,
                        storefronts)
                .addTo(console.routes());
        consoleListener = new Listener(
                ListenerKind.CONSOLE, options, console.routes(), console::sendProblem, metrics, traces, clock);
        addGauges();
    }

    private boolean isReady() {
        return database.answers() && valkey.map(Valkey::answers).orElse(true);
    }

    private void sweepSessions() {
        sessions.sweep();
        sessionCount.set(sessions.count());
    }

    private void addGauges() {
        metrics.gauge(
                "patron_sessions",
                "Sessions of customers, as counted at the last sweep (patron.sessions.sweep-interval).",
                sessionCount::get);
        metrics.gauge(
                "patron_ledger_lag_seconds",
                "For how long the oldest disclosure that is not written yet has waited.",
                () -> auditLog.lag().toMillis() / 1000.0);
        metrics.gauge(
                "patron_database_connections_used",
                "Database connections in use.",
                () -> database.connections().used());
        metrics.gauge(
                "patron_database_connections_most",
                "Size of the pool of database connections.",
                () -> options.get(Options.DATABASE_CONNECTIONS));
        metrics.gauge(
                "patron_database_waiting",
                "Requests that wait for a database connection.",
                () -> database.connections().waiting());
        metrics.gauge(
                "patron_ledger_waiting",
                "Disclosures that are not written yet; at " + AuditLog.CAPACITY + " no token is given out.",
                auditLog::waiting);
        metrics.counter(
                "patron_ledger_set_aside_total",
                "Records of the ledger that the database refused, and that were set aside.",
                auditLog::setAside);
        metrics.counter(
                "patron_database_statements_total",
                "Statements sent to the database; those of one batch count once.",
                database::statements);
        metrics.gauge("patron_storefront_in_flight", "Requests that are being answered.", storefrontListener::inFlight);
        metrics.gauge("patron_storefront_connections", "Open connections.", storefrontListener::connections);
        metrics.gauge("patron_console_connections", "Open connections.", consoleListener::connections);
        metrics.gauge("patron_console_in_flight", "Requests that are being answered.", consoleListener::inFlight);
    }

    /**
     * Opens storage, migrating it when it is older. The listeners stay closed until {@link #start}.
     *
     * @throws InvalidOptionException when the master key is not the one that storage was written with
     */
    public static PatronServer open(Options options, InstantSource clock, Theme theme) {
        return open(options, clock, theme, true);
    }

    /** Opens a server that records no token: for measuring what the ledger costs, and for nothing else. */
    public static PatronServer openWithoutLedger(Options options, InstantSource clock, Theme theme) {
        return open(options, clock, theme, false);
    }

    private static PatronServer open(Options options, InstantSource clock, Theme theme, boolean recordsTokens) {
        Database database = Database.open(options);
        Optional<Valkey> valkey = Optional.empty();
        Traces traces = Traces.OFF;
        try {
            Transfer.requireFinished(database);
            MasterKey masterKey = MasterKey.of(options);
            valkey = Valkey.open(options, database, masterKey);
            traces = Traces.of(options.openTelemetry());
            PatronServer server =
                    new PatronServer(options, masterKey, clock, theme, database, valkey, traces, recordsTokens);
            server.apps.requireMasterKey();
            return server;
        } catch (RuntimeException | Error failed) {
            traces.close();
            valkey.ifPresent(Valkey::close);
            database.close();
            throw failed;
        }
    }

    /** Opens the listeners and begins the periodic work; closes everything when a listener cannot be opened. */
    public void start() {
        try {
            http = HttpServer.start(storefrontListener, consoleListener);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
        guard.every(Listener.DEADLINE_INTERVAL, storefrontListener::enforceDeadlines);
        guard.every(Listener.DEADLINE_INTERVAL, consoleListener::enforceDeadlines);
        auditLogWriter.every(AuditLog.INTERVAL, auditLog::write);
        sweeper.every(LEDGER_SWEEP_INTERVAL, auditLog::sweep);
        sweeper.every(LEDGER_SWEEP_INTERVAL, idempotency::sweep);
        sweeper.every(LEDGER_SWEEP_INTERVAL, logins::sweep);
        sweeper.every(LAST_SEEN_INTERVAL, lastSeen::write);
        sweeper.every(options.get(Options.SESSION_SWEEP_INTERVAL), this::sweepSessions);
        sweeper.every(options.get(Options.SESSION_SWEEP_INTERVAL), memberSessions::sweep);
    }

    /** Where everything is kept, for keeping more beside it. */
    public Database database() {
        return database;
    }

    /** What this server takes for the time. */
    public InstantSource clock() {
        return clock;
    }

    /** The stores of this server. */
    public Stores stores() {
        return stores;
    }

    /** Where browsers reach the pages of its stores; once started. */
    public Storefronts storefronts() {
        return storefronts;
    }

    /** The customers of its stores. */
    public Customers customers() {
        return customers;
    }

    /** How passwords are hashed. */
    public Passwords passwords() {
        return passwords;
    }

    /** The sessions of its customers. */
    public Sessions sessions() {
        return sessions;
    }

    /** The registered apps. */
    public Apps apps() {
        return apps;
    }

    /** How apps change their secrets. */
    public Rotation rotation() {
        return rotation;
    }

    /** How apps sign customers in. */
    public CustomerLogins logins() {
        return logins;
    }

    /** The members, who sign in to the console. */
    public Members members() {
        return members;
    }

    /** The personal access tokens of members. */
    public AccessTokens tokens() {
        return tokens;
    }

    /** The one-time links that let their bearer become a member or choose a password. */
    public OneTimeLinks links() {
        return links;
    }

    /** The record of tokens and refusals. */
    public AuditLog auditLog() {
        return auditLog;
    }

    /** Which app was told what about whom. */
    public Disclosures disclosures() {
        return disclosures;
    }

    /** What came of requests for tokens. */
    public Activity activity() {
        return activity;
    }

    /** What merchants put into the pages of their shops. */
    public Scripts scripts() {
        return scripts;
    }

    /** The storefront's pages, for adding further ones. */
    public Pages pages() {
        return pages;
    }

    /** The paths of the storefront listener, to be added to before {@link #start}. */
    public Routes storefront() {
        return storefront;
    }

    /** The paths of the console listener, to be added to before {@link #start}. */
    public Routes console() {
        return console.routes();
    }

    /** The frame of the console's pages, for adding further ones. */
    public ConsolePages consolePages() {
        return console.pages();
    }

    /** The port that the storefront listener has, once started. */
    public int storefrontPort() {
        return started().storefrontPort();
    }

    /** The port that the console listener has, once started. */
    public int consolePort() {
        return started().consolePort();
    }

    /** Lets requests that are being answered finish, writes their audit records, then closes everything. */
    @Override
    public void close() {
        if (http != null) {
            http.stop();
        }
        passwords.close();
        longWork.close();
        guard.close();
        sweeper.close();
        auditLogWriter.close();
        auditLog.close();
        lastSeen.write();
        valkey.ifPresent(Valkey::close);
        database.close();
        traces.close();
    }

    private HttpServer started() {
        if (http == null) {
            throw new IllegalStateException("The server has not been started");
        }
        return http;
    }

    /** Runs a server without a storefront of its own, until it is told to stop. */
    public static void main(String[] arguments) {
        Launcher.run(
                "Patron",
                options -> {
                    PatronServer server = open(options, InstantSource.system(), Theme.PLAIN);
                    // The shop is elsewhere; whoever follows a link to its front page here gets to their account.
                    server.storefront().on("GET", "/", exchange -> exchange.redirect("/account.php"));
                    server.start();
                    return server;
                },
                (server, options, out) -> {
                    if (server.stores().list().isEmpty()) {
                        out.println();
                        out.println("  There is no store yet. Make one, with --http while it is not reached by https:");
                        out.println("    ./patron store create shop1 --name \"My shop\" --host shop.example");
                    }
                });
    }
}
