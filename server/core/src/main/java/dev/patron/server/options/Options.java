package dev.patron.server.options;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * The values of all options, checked. Each option is read from its environment variable, else from the configuration
 * file, else it has its default. Immutable and thread-safe. {@code docs/patron.properties} lists every option.
 */
public final class Options {

    /** The environment variable that names the configuration file; without it, {@code patron.properties} here. */
    public static final String FILE_VARIABLE = "PATRON_CONFIGURATION";

    public static final Option<Path> DATA = new Option<>(
            "patron.data",
            "./data",
            "a folder; it is made when it does not exist",
            "Where the embedded database, the master key and the operator token live.",
            text -> {
                if (text.isBlank()) {
                    throw new IllegalArgumentException("is empty");
                }
                return Path.of(text);
            });

    public static final Option<String> STOREFRONT_ADDRESS = Option.address(
            "patron.storefront.address", "127.0.0.1", "Where the storefront listener accepts connections.");
    public static final Option<Integer> STOREFRONT_PORT =
            Option.port("patron.storefront.port", 8080, "Port of the storefront listener.");
    public static final Option<String> CONSOLE_ADDRESS =
            Option.address("patron.console.address", "127.0.0.1", "Where the console listener accepts connections.");
    public static final Option<Integer> CONSOLE_PORT =
            Option.port("patron.console.port", 8081, "Port of the console listener, an origin of its own.");

    public static final Option<OptionalInt> MAX_CONNECTIONS = Option.derived(
            "patron.http.max-connections",
            1,
            1_000_000,
            "connections",
            "Open connections per listener. When there are more, those give way from which no request has come, then those"
                    + " that wait for a further one.");
    public static final Option<OptionalInt> MAX_CONNECTIONS_PER_ADDRESS = Option.derived(
            "patron.http.max-connections-per-address",
            1,
            1_000_000,
            "connections",
            "Open connections per listener from one network address (IPv6: one /64), but those of trusted proxies.");
    public static final Option<OptionalInt> MAX_INCOMPLETE = Option.derived(
            "patron.http.max-incomplete",
            1,
            1_000_000,
            "requests",
            "Requests per listener whose headers or body have not all been received; when there are more, the connection of"
                    + " the oldest is closed.");
    public static final Option<Integer> MAX_REQUEST_LINE = Option.bytes(
            "patron.http.max-request-line",
            "4KiB",
            256,
            64 * 1024,
            "Length of the request line; a longer one is answered 414.");
    public static final Option<Integer> MAX_HEADERS = Option.bytes(
            "patron.http.max-headers",
            "8KiB",
            1024,
            64 * 1024,
            "Size of all headers of a request; larger ones are answered 431.");
    public static final Option<Integer> MAX_HEADER_COUNT = Option.number(
            "patron.http.max-header-count", 100, 10, 1000, "headers", "Headers of a request; more are answered 431.");
    public static final Option<Integer> MAX_BODY = Option.bytes(
            "patron.http.max-body",
            "64KiB",
            1024,
            16 * 1024 * 1024,
            "Size of a request body at the storefront listener; a larger one is answered 413.");
    public static final Option<Integer> CONSOLE_MAX_BODY = Option.bytes(
            "patron.console.max-body",
            "256KiB",
            1024,
            16 * 1024 * 1024,
            "Size of a request body at the console listener; a larger one is answered 413. Scripts have up to 64 KiB,"
                    + " and up to thrice as much on the way.");
    public static final Option<OptionalInt> BODY_MEMORY = Option.derived(
            "patron.http.body-memory",
            64 * 1024,
            1024 * 1024 * 1024,
            "bytes",
            "Memory for request bodies per listener, each counted four times; requests that find none left are answered 503"
                    + " at once.");
    public static final Option<OptionalInt> MAX_IN_FLIGHT = Option.derived(
            "patron.http.max-in-flight",
            1,
            100_000,
            "requests",
            "Requests being answered at once per listener; further ones are answered 503 at once.");
    public static final Option<OptionalInt> MAX_IN_FLIGHT_PER_ADDRESS = Option.derived(
            "patron.http.max-in-flight-per-address",
            1,
            100_000,
            "requests",
            "Requests of one network address (IPv6: one /64) being answered at once per listener, behind trusted proxies of"
                    + " the address that they tell; further ones are answered 429 at once.");
    public static final Option<Duration> REQUEST_TIMEOUT = Option.duration(
            "patron.http.request-timeout",
            "10s",
            ofMillis(500),
            ofMinutes(10),
            "How long a client may take to begin the first request of a connection, to send a request, headers and body, and"
                    + " then to take the answer; then the connection is closed.");
    public static final Option<Duration> IDLE_TIMEOUT = Option.duration(
            "patron.http.idle-timeout",
            "60s",
            ofSeconds(1),
            ofHours(1),
            "How long a connection may be open without a request; then it is closed.");
    public static final Option<Duration> SHUTDOWN_GRACE = Option.duration(
            "patron.http.shutdown-grace",
            "20s",
            ofMillis(100),
            ofMinutes(10),
            "How long a stop waits for requests that are being answered.");

    public static final Option<LogFormat> LOG_FORMAT = new Option<>(
            "patron.log.format",
            "human",
            "human for lines that people read, or json for one JSON object a line",
            "What the log, on standard error, looks like.",
            text -> switch (text) {
                case "human" -> LogFormat.HUMAN;
                case "json" -> LogFormat.JSON;
                default -> throw new IllegalArgumentException("is neither human nor json");
            });

    public static final Option<List<Network>> TRUSTED_PROXIES = new Option<>(
            "patron.trusted-proxies",
            "",
            "addresses and networks, separated by commas, for example 10.0.0.0/8, 2001:db8::5; empty for none",
            "Proxies that are trusted to say, in headers, who sends a request to which host. From others such headers are ignored.",
            text -> Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(network -> !network.isEmpty())
                    .map(Network::parse)
                    .toList());
    public static final Option<ForwardedHeader> FORWARDED_HEADER = new Option<>(
            "patron.forwarded-header",
            "x-forwarded",
            "x-forwarded for X-Forwarded-For and X-Forwarded-Host, or forwarded for Forwarded (RFC 7239)",
            "How trusted proxies say it. They have to write this header themselves, since it is believed.",
            text -> switch (text) {
                case "x-forwarded" -> ForwardedHeader.X_FORWARDED;
                case "forwarded" -> ForwardedHeader.FORWARDED;
                default -> throw new IllegalArgumentException("is neither x-forwarded nor forwarded");
            });

    public static final Option<String> DATABASE_URL = Option.secret(
            "patron.database.url",
            "jdbc:postgresql://host:port/database, with further parameters of the PostgreSQL driver but user and password,"
                    + " or empty for the embedded database in the data folder",
            "Where everything is kept.",
            DatabaseUrl::check);
    public static final Option<String> DATABASE_USER = new Option<>(
            "patron.database.user",
            "patron",
            "a role of the PostgreSQL server, which may create tables in the database",
            "Who signs in to the PostgreSQL server.",
            text -> text);
    public static final Option<String> DATABASE_PASSWORD = Option.secret(
            "patron.database.password", "any text; empty for none", "The password of that role.", text -> text);
    public static final Option<Integer> DATABASE_CONNECTIONS = Option.number(
            "patron.database.connections", 16, 1, 1000, "connections", "Size of the pool of database connections.");
    public static final Option<Integer> DATABASE_WAITING = Option.number(
            "patron.database.waiting",
            256,
            1,
            100_000,
            "requests",
            "Requests that wait for a database connection; further ones are answered 503 at once.");
    public static final Option<Duration> DATABASE_WAIT = Option.duration(
            "patron.database.wait",
            "2s",
            ofMillis(250),
            ofMinutes(1),
            "How long a request waits for a free connection, a lock or, of PostgreSQL, an answer; then it is answered 503.");
    public static final Option<String> MASTER_KEY = Option.secret(
            "patron.master-key",
            "64 hexadecimal digits (256 bits), or empty for a key that the first start writes to the data folder",
            "Encrypts client secrets at rest.",
            text -> {
                if (!text.matches("([0-9a-fA-F]{64})?")) {
                    throw new IllegalArgumentException("is not 64 hexadecimal digits");
                }
                return text;
            });

    public static final Option<Duration> SESSION_IDLE_LIMIT = Option.duration(
            "patron.sessions.idle-limit",
            "7d",
            ofMinutes(2),
            ofDays(365),
            "A session that was not seen for so long has ended; sightings are noted to the minute.");
    public static final Option<Duration> SESSION_ABSOLUTE_LIMIT = Option.duration(
            "patron.sessions.absolute-limit",
            "30d",
            ofSeconds(1),
            ofDays(3650),
            "A session that began so long ago has ended, however busy it is.");
    public static final Option<Duration> SESSION_SWEEP_INTERVAL = Option.duration(
            "patron.sessions.sweep-interval",
            "10m",
            ofMillis(100),
            ofDays(1),
            "How often the rows of ended sessions are removed.");

    public static final Option<Optional<SessionsUrl>> SESSIONS_URL = Option.secret(
            "patron.sessions.url",
            "redis://[user:password@]host[:port][/database], or rediss:// for TLS, with further servers of a cluster after"
                    + " commas; empty for the database",
            "Where sessions are kept, and the counts of attempts and tokens that are limited: Valkey or Redis, 6.2 or newer.",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(SessionsUrl.parse(text)));
    public static final Option<Optional<Path>> SESSIONS_CERTIFICATES = new Option<>(
            "patron.sessions.certificates",
            "",
            "a file of certificates in PEM, or empty for those that Java trusts",
            "The authorities that are believed about the servers of patron.sessions.url, with rediss://.",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(CertificatesFile.parse(text)));
    public static final Option<Duration> SESSIONS_WAIT = Option.duration(
            "patron.sessions.wait",
            "1s",
            ofMillis(50),
            ofMinutes(1),
            "How long a request waits for a server of patron.sessions.url; then it is answered 503.");

    public static final Option<Boolean> CONSOLE_HTTPS = Option.flag(
            "patron.console.https",
            false,
            "Whether browsers reach the console by https, through a proxy: its cookie is then for https only.");
    public static final Option<Boolean> CONSOLE_SIGN_UP = Option.flag(
            "patron.console.sign-up",
            false,
            "Whether everybody who reaches the console may become a developer; if not, an operator invites them. The sandbox"
                    + " turns it on where it is not set.");
    public static final Option<Duration> CONSOLE_SESSION_IDLE_LIMIT = Option.duration(
            "patron.console.idle-limit",
            "12h",
            ofMinutes(2),
            ofDays(365),
            "A session at the console that was not seen for so long has ended; sightings are noted to the minute.");
    public static final Option<Duration> CONSOLE_SESSION_ABSOLUTE_LIMIT = Option.duration(
            "patron.console.absolute-limit",
            "7d",
            ofSeconds(1),
            ofDays(3650),
            "A session at the console that began so long ago has ended, however busy it is.");

    public static final Option<Integer> SIGN_IN_ATTEMPTS_PER_ACCOUNT = Option.number(
            "patron.sign-in.attempts-per-account",
            10,
            1,
            10_000,
            "attempts",
            "Failed sign-in attempts for one account from one network (IPv6: one /64), or from one browser that has signed in"
                    + " to it before, within the window.");
    public static final Option<Integer> SIGN_IN_ATTEMPTS_PER_ACCOUNT_IN_ALL = Option.number(
            "patron.sign-in.attempts-per-account-in-all",
            50,
            1,
            1_000_000,
            "attempts",
            "Failed sign-in attempts for one account from all networks together within the window, but for browsers that have"
                    + " signed in to it before; never fewer than patron.sign-in.attempts-per-account.");
    public static final Option<Integer> SIGN_IN_ATTEMPTS_PER_ADDRESS = Option.number(
            "patron.sign-in.attempts-per-address",
            100,
            1,
            1_000_000,
            "attempts",
            "Failed sign-in attempts, and new accounts, from one network address (IPv6: one /64) within the window.");
    public static final Option<Integer> SIGN_IN_SUCCESSES_PER_ACCOUNT = Option.number(
            "patron.sign-in.successes-per-account",
            200,
            1,
            1_000_000,
            "sign-ins",
            "Sign-ins to one account, with the right password, within the window.");
    public static final Option<Integer> SIGN_IN_SUCCESSES_PER_ADDRESS = Option.number(
            "patron.sign-in.successes-per-address",
            2_000,
            1,
            100_000_000,
            "sign-ins",
            "Sign-ins with the right password from one network address (IPv6: one /64) within the window.");
    public static final Option<Duration> SIGN_IN_WINDOW = Option.duration(
            "patron.sign-in.window",
            "15m",
            ofSeconds(1),
            ofDays(1),
            "The window in which attempts are counted; the allowance comes back evenly over it.");

    public static final Option<Integer> PASSWORD_MIN_LENGTH = Option.number(
            "patron.passwords.min-length", 8, 1, 64, "characters", "Shortest password for a new account or a change.");
    public static final Option<Integer> PASSWORD_MEMORY = Option.bytes(
            "patron.passwords.memory", "19MiB", 1024 * 1024, 1024 * 1024 * 1024, "Memory of one Argon2id hash.");
    public static final Option<Integer> PASSWORD_ITERATIONS =
            Option.number("patron.passwords.iterations", 2, 1, 100, "passes", "Passes of one Argon2id hash.");
    public static final Option<Integer> PASSWORD_HASHES_AT_ONCE = Option.number(
            "patron.passwords.hashes-at-once",
            0,
            0,
            1024,
            "hashes (0: one fewer than the processors, at least one)",
            "Password hashes computed at the same time, each on a thread and in memory of its own; further ones wait, and are"
                    + " answered 503 after patron.database.wait. As many as there are processors slow down everything else.");
    public static final Option<Integer> PASSWORDS_WAITING = Option.number(
            "patron.passwords.waiting",
            24,
            1,
            100_000,
            "hashes",
            "Password hashes that wait to be computed; further ones are answered 503 at once.");

    public static final Option<Integer> ISSUING_RATE = Option.number(
            "patron.issuing.tokens-per-minute",
            600,
            0,
            1_000_000,
            "tokens per session and minute (0: no limit)",
            "Tokens that one session gets in a minute; further requests are answered 429. With 0, one visitor can fill"
                    + " the audit log without end.");
    public static final Option<Integer> APP_ISSUING_RATE = Option.number(
            "patron.issuing.app-tokens-per-minute",
            0,
            0,
            100_000_000,
            "tokens per app and minute (0: no limit)",
            "Tokens for one app, of all its stores' customers together, in a minute; further requests are answered 429.");

    public static final Option<Duration> LEDGER_DISCLOSURES_KEPT = Option.duration(
            "patron.ledger.disclosures-kept",
            "365d",
            ofDays(1),
            ofDays(3650),
            "How long the ledger keeps which app was told what about whom, and the hourly counts.");
    public static final Option<Duration> LEDGER_REFUSALS_KEPT = Option.duration(
            "patron.ledger.refusals-kept",
            "30d",
            ofDays(1),
            ofDays(3650),
            "How long the ledger keeps single refusals, a million at most; the hourly counts are kept longer.");

    /** All options, in the order in which they are documented. */
    public static final List<Option<?>> ALL = List.of(
            DATA,
            STOREFRONT_ADDRESS,
            STOREFRONT_PORT,
            CONSOLE_ADDRESS,
            CONSOLE_PORT,
            CONSOLE_MAX_BODY,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_ADDRESS,
            MAX_INCOMPLETE,
            MAX_REQUEST_LINE,
            MAX_HEADERS,
            MAX_HEADER_COUNT,
            MAX_BODY,
            BODY_MEMORY,
            MAX_IN_FLIGHT,
            MAX_IN_FLIGHT_PER_ADDRESS,
            REQUEST_TIMEOUT,
            IDLE_TIMEOUT,
            SHUTDOWN_GRACE,
            LOG_FORMAT,
            TRUSTED_PROXIES,
            FORWARDED_HEADER,
            DATABASE_URL,
            DATABASE_USER,
            DATABASE_PASSWORD,
            DATABASE_CONNECTIONS,
            DATABASE_WAITING,
            DATABASE_WAIT,
            MASTER_KEY,
            SESSION_IDLE_LIMIT,
            SESSION_ABSOLUTE_LIMIT,
            SESSION_SWEEP_INTERVAL,
            SESSIONS_URL,
            SESSIONS_CERTIFICATES,
            SESSIONS_WAIT,
            CONSOLE_HTTPS,
            CONSOLE_SIGN_UP,
            CONSOLE_SESSION_IDLE_LIMIT,
            CONSOLE_SESSION_ABSOLUTE_LIMIT,
            SIGN_IN_ATTEMPTS_PER_ACCOUNT,
            SIGN_IN_ATTEMPTS_PER_ACCOUNT_IN_ALL,
            SIGN_IN_ATTEMPTS_PER_ADDRESS,
            SIGN_IN_SUCCESSES_PER_ACCOUNT,
            SIGN_IN_SUCCESSES_PER_ADDRESS,
            SIGN_IN_WINDOW,
            PASSWORD_MIN_LENGTH,
            PASSWORD_MEMORY,
            PASSWORD_ITERATIONS,
            PASSWORD_HASHES_AT_ONCE,
            PASSWORDS_WAITING,
            ISSUING_RATE,
            APP_ISSUING_RATE,
            LEDGER_DISCLOSURES_KEPT,
            LEDGER_REFUSALS_KEPT);

    private static final String OPEN_TELEMETRY = "OTEL_";

    private final Map<Option<?>, Object> values;
    private final Map<String, String> openTelemetry;

    private Options(Map<Option<?>, Object> values, Map<String, String> openTelemetry) {
        this.values = Map.copyOf(values);
        this.openTelemetry = Map.copyOf(openTelemetry);
    }

    /**
     * Reads the configuration file that the environment names, and the environment.
     *
     * @throws InvalidOptionException when an option is unknown or has a value that is not allowed, a variable of the
     *     environment looks like a misspelt one, or the file that the environment names cannot be read
     */
    public static Options load(Map<String, String> environment) {
        return load(environment, new Properties());
    }

    /**
     * Reads the configuration file that the environment names, and the environment.
     *
     * @param defaults what stands for options that neither sets, by their names
     * @throws InvalidOptionException when an option is unknown or has a value that is not allowed, a variable of the
     *     environment looks like a misspelt one, or the file that the environment names cannot be read
     */
    public static Options load(Map<String, String> environment, Properties defaults) {
        String named = environment.get(FILE_VARIABLE);
        Path file = Path.of(named == null ? "patron.properties" : named);
        Properties properties = new Properties(defaults);
        if (named != null || Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException unreadable) {
                throw new InvalidOptionException("The configuration file " + file + " cannot be read ("
                        + unreadable.getClass().getSimpleName()
                        + "). Correct it, or point " + FILE_VARIABLE + " to another one.");
            }
        }
        return of(properties, environment);
    }

    /**
     * Checks the properties of a configuration file and the environment that overrides them.
     *
     * @throws InvalidOptionException when an option is unknown or has a value that is not allowed, or a variable of the
     *     environment looks like a misspelt one
     */
    public static Options of(Properties file, Map<String, String> environment) {
        for (String name : file.stringPropertyNames()) {
            if (ALL.stream().noneMatch(option -> option.name().equals(name))) {
                throw new InvalidOptionException(
                        "There is no option " + name
                                + ". docs/patron.properties lists all of them. Correct or remove it in the configuration file.");
            }
        }
        Misspelling.refuse(environment.keySet());
        Map<Option<?>, Object> values = new HashMap<>();
        for (Option<?> option : ALL) {
            String variable = option.environmentVariable();
            String fromEnvironment = environment.get(variable);
            if (fromEnvironment != null) {
                values.put(option, parse(option, fromEnvironment, "the environment variable " + variable));
            } else {
                String text = file.getProperty(option.name(), option.defaultText());
                values.put(option, parse(option, text, "the configuration file"));
            }
        }
        Map<String, String> openTelemetry = new HashMap<>(environment);
        openTelemetry.keySet().removeIf(variable -> !variable.startsWith(OPEN_TELEMETRY));
        return new Options(values, openTelemetry);
    }

    /** The same, with another value of an option. */
    public <T> Options with(Option<T> option, T value) {
        Map<Option<?>, Object> changed = new HashMap<>(values);
        changed.put(option, value);
        return new Options(changed, openTelemetry);
    }

    /** The value of an option. */
    @SuppressWarnings("unchecked") // of() parses each value with the option's own parser.
    public <T> T get(Option<T> option) {
        return (T) Objects.requireNonNull(values.get(option));
    }

    /** The variables by which traces are configured, as OpenTelemetry names them; not checked, and some may be secret. */
    public Map<String, String> openTelemetry() {
        return openTelemetry;
    }

    private static Object parse(Option<?> option, String text, String source) {
        try {
            return option.parser().apply(text.strip());
        } catch (IllegalArgumentException fault) {
            // A secret is never echoed: whoever reads the log of a failed start need not know it.
            String shown = option.isSecret() ? "The value" : "\"" + text + "\"";
            throw new InvalidOptionException(option.name() + " (from " + source + "): " + shown + " "
                    + fault.getMessage() + ". Allowed is " + option.allowed() + ".");
        }
    }
}
