package dev.patron.sandbox;

import dev.patron.sandbox.installation.InstallationModule;
import dev.patron.sandbox.installation.Registration;
import dev.patron.sandbox.installation.StoreScope;
import dev.patron.server.PatronServer;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.failure.DomainException;
import dev.patron.server.sql.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The sample app beside the sandbox: a process of its own, as an app's server is. Once it runs, it is installed at the demo store in the
 * way of any other app; only the consent is taken for granted.
 */
final class SampleApp {

    /** Where its program lies; it is not started without. */
    static final String JAR_VARIABLE = "PATRON_SAMPLE_JAR";

    /** Its port, or {@code off}. */
    static final String PORT_VARIABLE = "PATRON_SAMPLE_PORT";

    /** What the app gets of the environment: another program, which must not have the master key or a password. */
    private static final Set<String> INHERITED = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "TMP",
            "TEMP",
            "SYSTEMROOT");

    private static final String ACCESS_TOKEN_NAME = "Sample app, made at each start";
    private static final String DEFAULT_PORT = "8090";
    private static final String OFF = "off";
    /** A newcomer's first token comes first: two programs that start at once make each other slow. */
    private static final Duration HEAD_START = Duration.ofSeconds(3);

    private static final Duration TRY_AGAIN = Duration.ofMillis(250);
    private static final int TRIES = 240;
    private static final Set<StoreScope> SCOPES = EnumSet.of(
            StoreScope.STORE_V2_ORDERS_READ_ONLY,
            StoreScope.STORE_V2_PRODUCTS_READ_ONLY,
            StoreScope.STORE_V2_INFORMATION_READ_ONLY,
            StoreScope.STORE_V2_CONTENT);

    private final PatronServer server;
    private final InstallationModule installation;
    private final Path data;
    private final String jar;
    private final String port;

    private SampleApp(PatronServer server, InstallationModule installation, Path data, String jar, String port) {
        this.server = server;
        this.installation = installation;
        this.data = data;
        this.jar = jar;
        this.port = port;
    }

    /** The sample app, where the environment has one. */
    static Optional<SampleApp> of(
            Map<String, String> environment, PatronServer server, InstallationModule installation, Path data) {
        String jar = environment.getOrDefault(JAR_VARIABLE, "");
        String port = environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT);
        return jar.isEmpty() || port.equals(OFF)
                ? Optional.empty()
                : Optional.of(new SampleApp(server, installation, data, jar, port));
    }

    /** Where it can be reached. */
    String url() {
        return "http://localhost:" + port;
    }

    /** Starts it a little later, and installs it once it answers; that goes on beside the server. */
    void start(String clientSecret, long memberId) {
        installation
                .registrations()
                .save(
                        DemoData.CLIENT_ID,
                        new Registration(
                                url() + "/auth/callback",
                                url() + "/load",
                                url() + "/uninstall",
                                url() + "/remove-user",
                                SCOPES));
        Thread.ofVirtual().name("sample").start(() -> {
            LockSupport.parkNanos(HEAD_START.toNanos());
            Process process = launch(clientSecret, memberId);
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            } catch (IllegalStateException stopping) {
                process.destroy();
                return;
            }
            install(process, memberId);
        });
    }

    /**
     * The access token by which it reports which secret signs its tokens, in the place of that of an earlier start; none when
     * the developer is disabled or has as many as may be.
     */
    private Optional<String> accessToken(long memberId) {
        AccessTokens tokens = server.services().accessTokens;
        NewAccessToken details = new NewAccessToken(ACCESS_TOKEN_NAME, Set.of(Scope.APPS_REPORT), Optional.empty());
        try {
            return server.services().members.find(memberId).map(member -> {
                tokens.list(member).stream()
                        .filter(token -> token.name().equals(ACCESS_TOKEN_NAME))
                        .forEach(token -> tokens.revoke(member, token.id()));
                return AccessTokens.PREFIX + tokens.create(memberId, details).reveal();
            });
        } catch (DomainException refused) {
            return Optional.empty();
        }
    }

    private Process launch(String clientSecret, long memberId) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path log = data.resolve("sample.log");
        DataFolder.reserve(log);
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(java, "-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar", jar))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !INHERITED.contains(name.toUpperCase(Locale.ROOT)));
        environment.put(PORT_VARIABLE, port);
        environment.put("PATRON_SAMPLE_CLIENT_ID", DemoData.CLIENT_ID);
        // In the environment, which only this user can read; never among the arguments.
        environment.put("PATRON_SAMPLE_CLIENT_SECRET", clientSecret);
        environment.put("PATRON_SAMPLE_PLATFORM", "http://localhost:" + server.consolePort());
        environment.put("PATRON_SAMPLE_STORES", DemoData.STORE_HASH);
        environment.put(
                "PATRON_SAMPLE_ORIGINS",
                "http://localhost:" + server.storefrontPort() + ",http://127.0.0.1:" + server.storefrontPort());
        accessToken(memberId).ifPresent(token -> {
            environment.put("PATRON_REPORT_CONSOLE", "http://localhost:" + server.consolePort());
            environment.put("PATRON_REPORT_ACCESSTOKEN", token);
        });
        environment.put(
                "PATRON_SAMPLE_DATA", data.resolve("sample").toAbsolutePath().toString());
        try {
            return builder.start();
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
    }

    private void install(Process process, long memberId) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            for (int tries = 0; tries < TRIES && process.isAlive(); tries++) {
                if (answers(client, URI.create(url() + "/"))) {
                    answers(client, installation.consent(DemoData.STORE_HASH, DemoData.CLIENT_ID, memberId));
                    return;
                }
                LockSupport.parkNanos(TRY_AGAIN.toNanos());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean answers(HttpClient client, URI address) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() < 400;
        } catch (IOException notYet) {
            return false;
        }
    }
}
