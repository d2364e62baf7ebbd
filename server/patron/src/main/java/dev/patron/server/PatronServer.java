package dev.patron.server;

import dev.patron.server.api.Api;
import dev.patron.server.api.Idempotency;
import dev.patron.server.audit.AuditLog;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.console.Console;
import dev.patron.server.developers.DeveloperPages;
import dev.patron.server.http.HttpServer;
import dev.patron.server.http.Listener;
import dev.patron.server.http.ListenerKind;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.page.Theme;
import dev.patron.server.panel.PanelPages;
import dev.patron.server.services.Services;
import dev.patron.server.store.Storefronts;
import dev.patron.server.storefront.Storefront;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The server: the domain's services behind two listeners, and the periodic work. {@link #open} it, add to it what a storefront
 * needs, {@link #start} it, {@link #close} it.
 */
public final class PatronServer implements AutoCloseable {

    private static final Duration LAST_SEEN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration AUDIT_SWEEP_INTERVAL = Duration.ofMinutes(10);

    private final Services services;
    private final Storefronts storefronts;
    private final Storefront storefront;
    private final Console console;
    private final Listener storefrontListener;
    private final Listener consoleListener;
    private final AtomicLong sessionCount = new AtomicLong();
    /** For everything that takes seconds. */
    private final ComputePool longWork = new ComputePool("long-work", 1, 4);

    private final Idempotency idempotency;
    private final Sweeper guard = new Sweeper("slow-clients");
    private final Sweeper sweeper = new Sweeper("sweeper");
    private final Sweeper auditLogWriter = new Sweeper("ledger");
    private @Nullable HttpServer http;

    private PatronServer(Services services, Theme theme) {
        this.services = services;
        storefronts = new Storefronts(services.stores, this::storefrontPort);
        idempotency = new Idempotency(services.database, services.masterKey, services.clock);
        storefront = new Storefront(services, theme);
        console = new Console(services);
        new Api(services, storefronts, idempotency, longWork).addTo(console.routes());
        new DeveloperPages(console.pages(), services).addTo(console.routes());
        new PanelPages(console.pages(), services, storefronts).addTo(console.routes());
        storefrontListener = new Listener(
                ListenerKind.STOREFRONT,
                services.options,
                storefront.routes(),
                storefront.pages()::sendProblem,
                services.metrics,
                services.traces,
                services.clock);
        consoleListener = new Listener(
                ListenerKind.CONSOLE,
                services.options,
                console.routes(),
                console::sendProblem,
                services.metrics,
                services.traces,
                services.clock);
        ServerGauges.add(services, sessionCount::get, storefrontListener, consoleListener);
    }

    /**
     * Opens storage, migrating it when it is older. The listeners stay closed until {@link #start}.
     *
     * @throws InvalidOptionException when the master key is not the one that storage was written with
     */
    public static PatronServer open(Options options, InstantSource clock, Theme theme) {
        return of(Services.open(options, clock), theme);
    }

    /** A server of services, which it closes. */
    public static PatronServer of(Services services, Theme theme) {
        try {
            return new PatronServer(services, theme);
        } catch (RuntimeException | Error failed) {
            try {
                services.close();
            } catch (RuntimeException closing) {
                failed.addSuppressed(closing);
            }
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
        auditLogWriter.every(AuditLog.INTERVAL, services.auditLog::write);
        sweeper.every(AUDIT_SWEEP_INTERVAL, services.auditLog::sweep);
        sweeper.every(AUDIT_SWEEP_INTERVAL, idempotency::sweep);
        sweeper.every(AUDIT_SWEEP_INTERVAL, services.logins::sweep);
        sweeper.every(LAST_SEEN_INTERVAL, services.lastSeen::write);
        sweeper.every(services.options.get(Options.SESSION_SWEEP_INTERVAL), this::sweepSessions);
        sweeper.every(services.options.get(Options.SESSION_SWEEP_INTERVAL), services.memberSessions::sweep);
    }

    private void sweepSessions() {
        services.sessions.sweep();
        sessionCount.set(services.sessions.count());
    }

    /** The domain behind the listeners. */
    public Services services() {
        return services;
    }

    /** Where browsers reach the pages of its stores; once started. */
    public Storefronts storefronts() {
        return storefronts;
    }

    /** What the storefront listener answers, to be added to before {@link #start}. */
    public Storefront storefront() {
        return storefront;
    }

    /** What the console listener answers, to be added to before {@link #start}. */
    public Console console() {
        return console;
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
        // Nobody waits any more for a password to be hashed.
        services.passwords.close();
        longWork.close();
        guard.close();
        sweeper.close();
        auditLogWriter.close();
        services.close();
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
                    server.storefront().routes().on("GET", "/", exchange -> exchange.redirect("/account.php"));
                    server.start();
                    return server;
                },
                (server, options, out) -> {
                    if (server.services().stores.list().isEmpty()) {
                        out.println();
                        out.println("  There is no store yet. Make one, with --http while it is not reached by https:");
                        out.println("    ./patron store create shop1 --name \"My shop\" --host shop.example");
                    }
                });
    }
}
