package dev.patron.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.engines.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What everybody on the machine can read of a data folder that was there before, open to all; and what the sample app is given. */
@Timeout(300)
class PrivateFilesTest {

    private static final String MASTER_KEY = "5c".repeat(32);
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void filesInAnOpenFolder_areTheirOwnersOnly() throws Exception {
        Path data = openFolder("data");
        Path backups = openFolder("backups");
        int port = FreePort.find();
        try (ServerProcess sandbox = sandbox(data, port, Map.of())) {
            awaitAnswer(port);
            CommandLine.run(
                    data,
                    Map.of(
                            "PATRON_CONSOLE_PORT",
                            Integer.toString(sandbox.console().getPort())),
                    0,
                    "Wrote the backup to",
                    "backup",
                    backups.resolve("backup.zip").toString());

            assertThat(modes(data))
                    .containsKeys(
                            "master.key",
                            "operator-token",
                            "patron.mv.db",
                            "sample.log",
                            "sample.mv.db",
                            "sandbox-client-secret")
                    .allSatisfy((file, mode) -> assertThat(mode).as(file).isEqualTo("rw-------"));
            assertThat(modes(backups)).isEqualTo(Map.of("backup.zip", "rw-------"));
        }
        assertThat(modes(data))
                .allSatisfy((file, mode) -> assertThat(mode).as(file).isEqualTo("rw-------"));
    }

    @Test
    void filesThatWereOpen_areClosed() throws IOException {
        Path data = openFolder("data");
        ServerProcess.start(Root.serverJar(), data, Map.of()).close();
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }

        ServerProcess.start(Root.serverJar(), data, Map.of()).close();

        assertThat(modes(data))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy((file, mode) -> assertThat(mode).as(file).isEqualTo("rw-------"));
    }

    @Test
    void sampleApp_hasNothingOfTheServersEnvironmentThatItDoesNotNeed() throws Exception {
        Path data = openFolder("data");
        int port = FreePort.find();
        try (ServerProcess sandbox = sandbox(
                data,
                port,
                Map.of(
                        "PATRON_MASTER_KEY", MASTER_KEY,
                        "PATRON_DATABASE_WAIT", "7s",
                        "OWN_VARIABLE", "also secret"))) {
            awaitAnswer(port);

            long sample = sandbox.children().findFirst().orElseThrow().pid();
            List<String> environment = Pattern.compile("\0")
                    .splitAsStream(Files.readString(Path.of("/proc/" + sample + "/environ"), StandardCharsets.UTF_8))
                    .toList();

            assertThat(environment.stream().map(variable -> variable.substring(0, variable.indexOf('='))))
                    .contains("PATH", "PATRON_SAMPLE_CLIENT_SECRET", "PATRON_SAMPLE_DATA", "PATRON_REPORT_ACCESSTOKEN")
                    .noneMatch(name -> name.startsWith("PATRON_")
                            && !name.startsWith("PATRON_SAMPLE_")
                            && !name.startsWith("PATRON_REPORT_"))
                    .doesNotContain("OWN_VARIABLE", "JAVA_HOME");
            assertThat(environment).noneMatch(variable -> variable.contains(MASTER_KEY));
        }
    }

    /** The sandbox with the sample app. */
    private static ServerProcess sandbox(Path data, int samplePort, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATRON_SAMPLE_JAR", Root.sampleJar().toAbsolutePath().toString());
        environment.put("PATRON_SAMPLE_PORT", Integer.toString(samplePort));
        return ServerProcess.start(Root.sandboxJar(), data, environment);
    }

    private Path openFolder(String name) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        return made;
    }

    /** The modes of all files below a folder, by name. */
    private static Map<String, String> modes(Path folder) throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                modes.put(
                        folder.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes;
    }

    private static void awaitAnswer(int port) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            long end = System.nanoTime() + LONG.toNanos();
            while (true) {
                try {
                    client.send(request, BodyHandlers.discarding());
                    return;
                } catch (IOException notYet) {
                    assertThat(System.nanoTime())
                            .as("The sample app does not answer")
                            .isLessThan(end);
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
            }
        }
    }
}
