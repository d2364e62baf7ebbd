package dev.patron.server.doctor;

import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.audit.SetAside;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Examines the server itself: its storage and how it is set up. Thread-safe. */
public final class ServerChecks {

    private static final int ROUNDS = 20;
    private static final int NAMED = 5;
    private static final Duration SLOW = Duration.ofMillis(20);

    private final Database database;
    private final Apps apps;
    private final Options options;
    private final InstantSource clock;

    /** An examination of one server. */
    public ServerChecks(Database database, Apps apps, Options options, InstantSource clock) {
        this.apps = apps;
        this.database = database;
        this.options = options;
        this.clock = clock;
    }

    /** Examines everything. */
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(migrations());
        findings.add(latency());
        findings.add(masterKey());
        findings.add(secrets());
        findings.add(ledger());
        findings.add(stopped());
        findings.add(origins());
        findings.add(consoleAddress());
        return findings;
    }

    private Finding migrations() {
        String version = database.schemaVersion();
        return database.isMigrated()
                ? Finding.good("migrations", "The database is at version " + version + ", the newest.")
                : Finding.problem(
                        "migrations",
                        "The database is at version " + version + ", which is not what this server was made for.",
                        "Restart the server: it migrates the database when it starts.");
    }

    /** The best of some rounds: a busy machine is not slow storage. */
    private Finding latency() {
        Duration best = Duration.ofDays(1);
        for (int round = 0; round < ROUNDS; round++) {
            Instant began = clock.instant();
            if (!database.answers()) {
                return Finding.problem(
                        "storage", "Storage does not answer.", "Look at the server's log for the reason.");
            }
            Duration took = Duration.between(began, clock.instant());
            best = took.compareTo(best) < 0 ? took : best;
        }
        String found = "Storage answers in " + best.toNanos() / 1_000 + " µs.";
        return best.compareTo(SLOW) <= 0
                ? Finding.good("storage", found)
                : Finding.note("storage", found, "Move the database nearer: each token takes one query.");
    }

    private Finding masterKey() {
        return options.get(Options.MASTER_KEY).isEmpty()
                ? Finding.note(
                        "master-key",
                        "The master key lies in the data folder, beside what it seals.",
                        "Give it by PATRON_MASTER_KEY from a secret store, so that a copy of the folder opens nothing.")
                : Finding.good("master-key", "The master key comes from outside the data folder.");
    }

    private Finding secrets() {
        String weak = named(apps.list().stream()
                .filter(app -> app.isActive() && app.signingSecret().weak()));
        if (weak.isEmpty()) {
            return Finding.good("secrets", "Every app signs with a secret of at least 32 bytes.");
        }
        return Finding.note(
                "secrets",
                "Apps that sign with a secret of less than 32 bytes (RFC 7518 section 3.2): " + weak + ".",
                "Give each a new one, without downtime: ./patron app rotate CLIENT_ID");
    }

    private Finding ledger() {
        SetAside setAside = SetAside.read(database);
        return setAside.count() == 0
                ? Finding.good("ledger", "The database has taken every record of the ledger.")
                : Finding.problem(
                        "ledger",
                        "The database has refused " + setAside.count()
                                + " records of the ledger, which are set aside; the" + " newest: "
                                + String.join("; ", setAside.newest()) + ".",
                        "Find out what it refuses in the server's log, and report it. The records are in the table"
                                + " ledger_set_aside, and in no list of the ledger.");
    }

    private Finding stopped() {
        List<App> all = apps.list();
        String blocked = named(all.stream().filter(App::blocked));
        String disabled = named(all.stream().filter(App::disabled));
        if (blocked.isEmpty() && disabled.isEmpty()) {
            return Finding.good("apps", "No app is blocked by an operator or switched off by its owner.");
        }
        return Finding.note(
                "apps",
                "No store gets tokens for some apps. "
                        + (blocked.isEmpty() ? "" : "Blocked by an operator: " + blocked + ". ")
                        + (disabled.isEmpty() ? "" : "Switched off by their owners: " + disabled + "."),
                "Lift a block with ./patron app enable CLIENT_ID; what its owner switched off, they switch on.");
    }

    private Finding origins() {
        long undecided = apps.origins().undecided();
        return undecided == 0
                ? Finding.good("origins", "Every foreign origin that an app lists has been decided about.")
                : Finding.note(
                        "origins",
                        "Foreign origins that apps list and nobody has decided about: " + undecided
                                + ". They get no tokens.",
                        "Look at ./patron app origin list CLIENT_ID, or at a store's apps in the control panel.");
    }

    /** The first of some apps by name and client id; empty when there is none. */
    private static String named(Stream<App> apps) {
        List<String> names =
                apps.map(app -> app.name() + " (" + app.clientId() + ")").toList();
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and others" : "");
    }

    private Finding consoleAddress() {
        String address = options.get(Options.CONSOLE_ADDRESS);
        boolean https = options.get(Options.CONSOLE_HTTPS);
        if (isLoopback(address) || https) {
            return Finding.good(
                    "console-address",
                    https ? "The console is reached by https." : "The console is reached from this machine only.");
        }
        return Finding.problem(
                "console-address",
                "The console accepts connections from other machines by http: passwords and secrets can be read on the way.",
                "Set patron.console.address to 127.0.0.1, or put https in front of it and set patron.console.https to true.");
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
