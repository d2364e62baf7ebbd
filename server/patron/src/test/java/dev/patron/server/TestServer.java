package dev.patron.server;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.options.Options;
import dev.patron.server.page.Theme;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A whole server on free ports with a data folder of its own, a clock that stands until it is moved, two stores with a
 * customer each, and an app.
 */
public final class TestServer implements AutoCloseable {

    /** The store at {@link #HOST}, reached by http. */
    public static final String STORE = "abc123";

    public static final String HOST = "localhost";

    /** The store at {@link #OTHER_HOST}, reached by https, through a proxy that would end TLS. */
    public static final String OTHER_STORE = "xyz789";

    public static final String OTHER_HOST = "other.localhost";

    /** The customer of both stores, under the same id and address: only the store tells them apart. */
    public static final long CUSTOMER_ID = 4927;

    public static final long GROUP_ID = 6;
    public static final String EMAIL = "john.doe@gmail.com";
    public static final String PASSWORD = "a password for tests";

    public static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    public static final String CLIENT_SECRET = "0123456789abcdef".repeat(4);

    /** The endpoint's path and query for the app. */
    public static final String CURRENT_JWT = "/customer/current.jwt?app_client_id=" + CLIENT_ID;

    /** Storage is tested with each engine; everything above it is, when someone asks for it. */
    private static final StorageEngine ENGINE =
            StorageEngine.valueOf(System.getProperty("patron.engine", StorageEngine.H2.name()));

    private final Path data;
    private final Options options;
    private final Clock clock;
    private final PatronServer patron;

    private TestServer(Path data, Options options, Clock clock, PatronServer patron) {
        this.data = data;
        this.options = options;
        this.clock = clock;
        this.patron = patron;
    }

    /** Starts a server with options such as {@code patron.http.max-body=1KiB}. */
    public static TestServer start(String... options) {
        return start(_ -> {}, options);
    }

    /** Starts a server to which something is added first. */
    public static TestServer start(Consumer<PatronServer> addition, String... options) {
        try {
            return open(Files.createTempDirectory("patron-test"), addition, options);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static TestServer open(Path data, Consumer<PatronServer> addition, String... options) {
        Stream<String> fixed = Stream.of("patron.database.wait=2s", "patron.sign-in.attempts-per-address=1000000");
        String[] all = Stream.of(ENGINE.prepare(data).stream(), fixed, Stream.of(options))
                .flatMap(given -> given)
                .toArray(String[]::new);
        Clock clock = new Clock();
        Options checked = TestServices.options(data, all);
        PatronServer patron = PatronServer.open(checked, clock, Theme.PLAIN);
        patron.services().stores.create(STORE, "Test Store", false, List.of(HOST));
        patron.services().stores.create(OTHER_STORE, "Other Store", true, List.of(OTHER_HOST));
        TestServer server = new TestServer(data, checked, clock, patron);
        server.addCustomer(STORE, CUSTOMER_ID, EMAIL, GROUP_ID);
        server.addCustomer(OTHER_STORE, CUSTOMER_ID, EMAIL, GROUP_ID);
        server.addApp(CLIENT_ID, JwsAlgorithm.HS256, Set.of(), Set.of());
        addition.accept(patron);
        patron.start();
        return server;
    }

    /** Adds a customer with {@link #PASSWORD}. */
    public void addCustomer(String store, long id, String email, long groupId) {
        try {
            patron.services()
                    .customers
                    .importCustomer(
                            id,
                            store,
                            new NewCustomer(email, "John", "Doe", groupId),
                            patron.services().passwords.hash(PASSWORD));
        } catch (EmailTakenException twice) {
            throw new IllegalArgumentException(email, twice);
        }
    }

    /** Adds a customer of group 6 with {@link #PASSWORD}, under the next id. */
    public Customer addCustomer(String store, String email, String firstName, String lastName) {
        try {
            return patron.services()
                    .customers
                    .create(
                            store,
                            new NewCustomer(email, firstName, lastName, GROUP_ID),
                            patron.services().passwords.hash(PASSWORD));
        } catch (EmailTakenException twice) {
            throw new IllegalArgumentException(twice);
        }
    }

    /** Adds an app of the operators with {@link #CLIENT_SECRET}, whose origins are approved. */
    public void addApp(String clientId, JwsAlgorithm algorithm, Set<String> stores, Set<String> origins) {
        patron.services()
                .apps
                .create(
                        TestServices.newApp(
                                "Test App",
                                "",
                                Optional.of(clientId),
                                Optional.of(ClientSecret.of(CLIENT_SECRET)),
                                algorithm,
                                Set.of(),
                                stores,
                                origins),
                        true);
    }

    /** The server itself. */
    public PatronServer patron() {
        return patron;
    }

    /** What the server takes for the time. */
    public Clock clock() {
        return clock;
    }

    /** The data folder. */
    public Path data() {
        return data;
    }

    /** The storefront listener's port. */
    public int port() {
        return patron.storefrontPort();
    }

    /** The console listener's port. */
    public int consolePort() {
        return patron.consolePort();
    }

    /** A request to the storefront listener, at {@link #HOST} unless it is changed. */
    public Call call(String method, String target) {
        return Call.to(port(), method, target);
    }

    /** A request to the console listener. */
    public Call console(String method, String target) {
        return Call.to(consolePort(), method, target);
    }

    /** A request to the console listener with the operator token. */
    public Call operator(String method, String target) {
        return console(method, target).with("Authorization", "Bearer " + operatorToken());
    }

    /** The operator token in the data folder. */
    public String operatorToken() {
        try {
            return Files.readString(data.resolve("operator-token")).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Signs the customer in at {@link #HOST}; the value for a {@code Cookie} header. */
    public String signIn() {
        return signIn(HOST, EMAIL);
    }

    /** Signs a customer in at a store's host; the value for a {@code Cookie} header. */
    public String signIn(String host, String email) {
        Answer answer = call("POST", "/login.php?action=check_login")
                .host(host)
                .body(
                        "application/x-www-form-urlencoded",
                        "login_email=" + encode(email) + "&login_pass=" + encode(PASSWORD))
                .send();
        String cookie = answer.all("Set-Cookie").stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("Signing in was answered " + answer.status()));
        return cookie.substring(0, cookie.indexOf(';'));
    }

    /** Ends a test that can be made with the embedded database only; what becomes of a server, the tests of nodes show. */
    public static void assumeEmbedded() {
        Assumptions.assumeTrue(ENGINE == StorageEngine.H2, "The embedded database only");
    }

    /** Takes storage away, as a full or broken disk would: the database is shut and its file is no database. */
    public void breakStorage() {
        assumeEmbedded();
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
            Files.move(data.resolve("patron.mv.db"), data.resolve("away"));
            Files.createDirectory(data.resolve("patron.mv.db"));
        } catch (SQLException | IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Gives storage back. */
    public void mendStorage() {
        try {
            Files.delete(data.resolve("patron.mv.db"));
            Files.move(data.resolve("away"), data.resolve("patron.mv.db"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A connection to the database beside the server's own. */
    public Connection database() throws SQLException {
        if (ENGINE != StorageEngine.H2) {
            return DriverManager.getConnection(
                    options.get(Options.DATABASE_URL),
                    options.get(Options.DATABASE_USER),
                    options.get(Options.DATABASE_PASSWORD));
        }
        return DriverManager.getConnection(
                "jdbc:h2:file:" + data.resolve("patron").toAbsolutePath()
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH");
    }

    @Override
    public void close() {
        patron.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A clock that stands until a test moves it. */
    public static final class Clock implements InstantSource {

        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00.750Z"));

        @Override
        public Instant instant() {
            return now.get();
        }

        /** Moves the clock on. */
        public void advance(Duration duration) {
            now.updateAndGet(instant -> instant.plus(duration));
        }
    }
}
