package dev.patron.server;

import dev.patron.endpoint.Outcome;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.Apps;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.MasterKey;
import dev.patron.server.app.NewApp;
import dev.patron.server.app.PersonalClaim;
import dev.patron.server.app.Rotation;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.AuditLog;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordHash;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.customer.SignIn;
import dev.patron.server.issuance.Issuance;
import dev.patron.server.log.Logs;
import dev.patron.server.member.MemberSessions;
import dev.patron.server.member.Members;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.options.Options;
import dev.patron.server.script.Scripts;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.services.Services;
import dev.patron.server.session.LastSeen;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import dev.patron.server.store.Stores;
import dev.patron.server.valkey.Valkey;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** The server's nouns on a real database, without listeners, under a clock that a test moves. */
public final class TestServices implements AutoCloseable {

    /** The password of every customer that {@link #customer} makes. */
    public static final String PASSWORD = "correct horse battery";

    /** A store, at the host {@link #HOST_A}. */
    public static final String STORE_A = "aaaaa";

    /** Another store, at the host {@link #HOST_B}. */
    public static final String STORE_B = "bbbbb";

    public static final String HOST_A = "a.example";
    public static final String HOST_B = "b.example";

    /** Where attempts to sign in come from. */
    public static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    /** The same, as sessions keep it. */
    public static final SessionOrigin ORIGIN = new SessionOrigin(ADDRESS, "Firefox on Linux");

    static {
        // The log as it is in production: storage says little.
        Logs.configure();
    }

    public final TestClock clock = new TestClock();
    public final Options options;
    private final Services services;
    public final Database database;
    public final MasterKey masterKey;
    public final Sessions sessions;
    public final LastSeen lastSeen;
    public final Passwords passwords;
    public final AttemptLimits attempts;
    public final Stores stores;
    public final Customers customers;
    public final Apps apps;
    public final Rotation rotation;
    public final AuditLog auditLog;
    public final Disclosures disclosures;
    public final Activity activity;
    public final Issuance issuance;
    public final OneTimeLinks links;
    public final MemberSessions memberSessions;
    public final SecondFactor secondFactor;
    public final Members members;
    public final Scripts scripts;

    private final Path folder;
    private final PasswordHash passwordHash;

    /** Makes a customer with another password. */
    public Customer customer(String storeHash, String email, String password) {
        try {
            return customers.create(storeHash, new NewCustomer(email, "Ada", "Lovelace", 6), passwords.hash(password));
        } catch (EmailTakenException taken) {
            throw new IllegalStateException(taken);
        }
    }

    private TestServices(Path folder, Options options) {
        this.folder = folder;
        this.options = options;
        services = Services.open(options, clock);
        database = services.database;
        masterKey = services.masterKey;
        sessions = services.sessions;
        lastSeen = services.lastSeen;
        passwords = services.passwords;
        attempts = services.customerAttempts;
        stores = services.stores;
        auditLog = services.auditLog;
        customers = services.customers;
        apps = services.apps;
        rotation = services.rotation;
        disclosures = services.disclosures;
        activity = services.activity;
        issuance = services.issuance;
        scripts = services.scripts;
        links = services.links;
        memberSessions = services.memberSessions;
        secondFactor = services.secondFactor;
        members = services.members;
        passwordHash = passwords.hash(PASSWORD);
    }

    /** Opens the embedded database that a folder has already. */
    public static TestServices existing(Path folder) {
        return new TestServices(folder, options(folder));
    }

    /**
     * Opens a database with two stores.
     *
     * @param more options beyond the cheap ones, as {@code name=value}
     */
    public static TestServices open(StorageEngine engine, Path folder, String... more) {
        TestServices services = empty(engine, folder, more);
        services.stores.create(STORE_A, "Store A", false, List.of(HOST_A));
        services.stores.create(STORE_B, "Store B", true, List.of(HOST_B));
        return services;
    }

    /** Opens a database without any store. */
    public static TestServices empty(StorageEngine engine, Path folder, String... more) {
        String[] all =
                Stream.concat(engine.prepare(folder).stream(), Stream.of(more)).toArray(String[]::new);
        return new TestServices(folder, options(folder, all));
    }

    /** Opens the database of services that have been closed. */
    public static TestServices reopen(TestServices closed) {
        return new TestServices(closed.folder, closed.options);
    }

    /** Opens another database with the keys of services that have been opened. */
    public static TestServices reopen(TestServices opened, Options options) {
        return new TestServices(opened.folder, options);
    }

    /**
     * Options that cost little: cheap password hashes, free ports, a folder of one's own.
     *
     * @param more further options such as {@code patron.http.max-body=1KiB}, or variables of the environment
     */
    public static Options options(Path folder, String... more) {
        Properties properties = new Properties();
        properties.setProperty("patron.data", folder.toString());
        properties.setProperty("patron.storefront.port", "0");
        properties.setProperty("patron.console.port", "0");
        properties.setProperty("patron.passwords.memory", "1MiB");
        properties.setProperty("patron.passwords.iterations", "1");
        properties.setProperty("patron.database.wait", "30s");
        // Some tests ask for more tokens than any visitor does.
        properties.setProperty("patron.issuing.tokens-per-minute", "0");
        Map<String, String> environment = new HashMap<>();
        for (String option : more) {
            int equals = option.indexOf('=');
            String name = option.substring(0, equals);
            String value = option.substring(equals + 1);
            if (name.startsWith("patron.")) {
                properties.setProperty(name, value);
            } else {
                environment.put(name, value);
            }
        }
        return Options.of(properties, environment);
    }

    /** Makes a customer whose password is {@link #PASSWORD}. */
    public Customer customer(String storeHash, String email) {
        try {
            return customers.create(storeHash, new NewCustomer(email, "Ada", "Lovelace", 6), passwordHash);
        } catch (EmailTakenException taken) {
            throw new IllegalStateException(taken);
        }
    }

    /** An app to be registered that needs both personal claims and belongs to nobody in particular. */
    public static NewApp newApp(
            String name,
            String description,
            Optional<String> clientId,
            Optional<ClientSecret> secret,
            JwsAlgorithm algorithm,
            Set<ExtraClaim> extraClaims,
            Set<String> stores,
            Set<String> origins) {
        return new NewApp(
                new AppDetails(name, description, algorithm, extraClaims, EnumSet.allOf(PersonalClaim.class), origins),
                clientId,
                secret,
                stores,
                Optional.empty());
    }

    /** Begins a session of a customer. */
    public BearerSecret session(Customer customer) {
        return sessions.beginning(customer.key(), ORIGIN, (_, begin) -> begin.get());
    }

    /** The links by which customers choose a new password. */
    public PasswordLinks passwordLinks() {
        return services.passwordLinks;
    }

    /** Signs in from {@link #ADDRESS}. */
    public SignIn signIn(String storeHash, String email, String password) {
        return customers.signIn(storeHash, email, password, ORIGIN);
    }

    /** Asks for a token as a page of the store at the host does. */
    public Outcome issue(String host, BearerSecret session, String clientId) {
        return Outcome.of(issuance.lookUp(host, session, clientId, null), false);
    }

    /** The same, for a request that reveals no token: nothing is recorded. */
    public Outcome dryRun(String host, BearerSecret session, String clientId) {
        return Outcome.of(issuance.lookUp(host, session, clientId, null), true);
    }

    /** Ends every session of a customer. */
    public void endSessions(long customerKey) {
        database.transaction(handle -> {
            sessions.endAll(handle, customerKey);
            return true;
        });
    }

    /** Whether pages of an origin may ask for an app's tokens at the store of a host. */
    public boolean mayAsk(String clientId, String origin, String host) {
        return issuance.lookUp(host, null, clientId, origin).originMayAsk();
    }

    /** What came of it: {@code issued}, or the problem's id. */
    public static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Issued _ -> "issued";
            case Outcome.Refused refused -> refused.problem().id();
        };
    }

    /** How many rows a table has. */
    public long rows(String table) {
        return database.with(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Long.class)
                .one());
    }

    /** Whether a text stands anywhere in storage, in whatever column; of H2, in whatever corner of the files. */
    public boolean filesContain(String text) {
        return options.get(Options.DATABASE_URL).isEmpty() ? embeddedFilesContain(text) : columnsContain(text);
    }

    private boolean embeddedFilesContain(String text) {
        database.close();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".db")).anyMatch(file -> contains(file, text));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private boolean columnsContain(String text) {
        return database.with(handle -> {
            List<String> tables = handle.createQuery(
                            "select table_name from information_schema.tables where table_schema = 'public'")
                    .mapTo(String.class)
                    .list();
            return tables.stream()
                    .anyMatch(table ->
                            handle
                                    .createQuery("select * from " + table)
                                    .map((row, _) -> rowContains(row, text))
                                    .stream()
                                    .anyMatch(contains -> contains));
        });
    }

    private static boolean rowContains(ResultSet row, String text) throws SQLException {
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            Object value = row.getObject(column);
            String shown = value instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : "" + value;
            if (shown.contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(Path file, String text) {
        try {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            return bytes.contains(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        passwords.close();
        services.valkey.ifPresent(Valkey::close);
        database.close();
    }
}
