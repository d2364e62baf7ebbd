package dev.patron.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.CommandLine;
import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.engines.RedisServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is taken while customers sign up, and what can be restored from it. */
@Timeout(180)
class BackupTest {

    private static final String PASSWORD = "correct horse battery";
    private static final Map<String, String> CHEAP = Map.of(
            "PATRON_PASSWORDS_MEMORY", "1MiB",
            "PATRON_PASSWORDS_ITERATIONS", "1",
            "PATRON_SIGN_IN_ATTEMPTS_PER_ADDRESS", "1000000");

    @TempDir
    private Path folder;

    @Test
    void backup_underLoad_hasWhatWasAcknowledgedBefore_andIsRestoredWhereItMay() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path backup = folder.resolve("backup.zip");
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<String> before;
        try (ServerProcess server = ServerProcess.start(Root.serverJar(), data, CHEAP);
                ShopClient client = client(server, data);
                ExecutorService worker = Executors.newSingleThreadExecutor()) {
            makeStore(client);
            CountDownLatch some = new CountDownLatch(20);
            Future<?> load = worker.submit(() -> signUpUntilGone(client, acknowledged, some));
            some.await();
            before = List.copyOf(acknowledged);

            run(data, server, 0, "Wrote the backup to", "backup", backup.toString());

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
            run(data, server, 1, "There is a file", "backup", backup.toString());
            run(data, server, 1, "There is a database", "restore", backup.toString());
            run(data, server, 1, "Stop it first", "restore", "--replace", backup.toString());
            server.kill();
            load.get();
        }
        assertThat(names(data)).as("nothing is left lying about").noneMatch(name -> name.contains("backup"));

        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        run(elsewhere, null, 1, "There is no master key", "restore", backup.toString());
        Files.writeString(elsewhere.resolve("master.key"), "ab".repeat(32));
        run(elsewhere, null, 1, "another master key", "restore", backup.toString());
        Files.copy(data.resolve("master.key"), elsewhere.resolve("right.key"));
        Files.delete(elsewhere.resolve("master.key"));
        Files.move(elsewhere.resolve("right.key"), elsewhere.resolve("master.key"));
        Path noBackup = Files.writeString(folder.resolve("no-backup.zip"), "nothing");
        run(elsewhere, null, 1, "no backup of Patron", "restore", noBackup.toString());
        assertThat(names(elsewhere)).as("whatever was refused has left nothing").containsExactly("master.key");

        run(elsewhere, null, 0, "Restored the backup", "restore", backup.toString());
        verify(elsewhere, before);

        run(elsewhere, null, 0, "patron.mv.db.before-1", "restore", "--replace", backup.toString());
        assertThat(elsewhere.resolve("patron.mv.db.before-1")).exists();
        verify(elsewhere, before);
    }

    @Test
    void restore_sessionsInRedis_end() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path backup = folder.resolve("backup.zip");
        try (RedisServer redis = RedisServer.start()) {
            Map<String, String> environment = new HashMap<>(CHEAP);
            environment.put("PATRON_SESSIONS_URL", redis.url());
            String session;
            try (ServerProcess server = ServerProcess.start(Root.serverJar(), data, environment);
                    ShopClient client = client(server, data)) {
                makeStore(client);
                session = ShopClient.session(client.signUp("ada@example.com", PASSWORD))
                        .orElseThrow();
                run(data, server, 0, "Wrote the backup to", "backup", backup.toString());
            }
            assertThat(reason(data, environment, session))
                    .as("she is signed in")
                    .isEqualTo("403 unknown_app");

            run(data, null, 0, "Restored the backup", "restore", "--replace", backup.toString());

            assertThat(reason(data, environment, session)).isEqualTo("404 not_signed_in");
        }
    }

    /** Why a session gets no token for an app that does not exist. */
    private static String reason(Path data, Map<String, String> environment, String session) throws IOException {
        try (ServerProcess server = ServerProcess.start(Root.serverJar(), data, environment);
                ShopClient client = client(server, data)) {
            return ShopClient.problem(client.currentJwt(session, "a".repeat(31)));
        }
    }

    private static void verify(Path data, List<String> accounts) throws IOException {
        try (ServerProcess server = ServerProcess.start(Root.serverJar(), data, CHEAP);
                ShopClient client = client(server, data)) {
            assertThat(accounts).hasSizeGreaterThanOrEqualTo(20);
            for (String email : accounts) {
                assertThat(client.signIn(email, PASSWORD).statusCode())
                        .as(email)
                        .isEqualTo(302);
            }
        }
    }

    private static void signUpUntilGone(ShopClient client, Queue<String> acknowledged, CountDownLatch some) {
        try {
            for (int i = 0; true; i++) {
                String email = "customer" + i + "@example.com";
                if (client.signUp(email, PASSWORD).statusCode() == 302) {
                    acknowledged.add(email);
                    some.countDown();
                }
            }
        } catch (IOException gone) {
            // The server was killed.
        }
    }

    private static void makeStore(ShopClient client) throws IOException {
        HttpResponse<String> store = client.console(
                "POST",
                "/api/v1/stores",
                Map.of("store_hash", "backup1", "name", "Backup", "https", false, "hosts", List.of("localhost")));
        assertThat(store.statusCode()).as(store.body()).isEqualTo(201);
    }

    private static ShopClient client(ServerProcess server, Path data) throws IOException {
        return new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void run(Path data, @Nullable ServerProcess server, int status, String says, String... arguments) {
        Map<String, String> environment = server == null
                ? Map.of()
                : Map.of(
                        "PATRON_CONSOLE_PORT", Integer.toString(server.console().getPort()));
        CommandLine.run(data, environment, status, says, arguments);
    }
}
