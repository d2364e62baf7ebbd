package dev.patron.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./run} and {@code ./patron}, as a newcomer types them. They run in a copy of the tree, with a stand-in for Maven
 * that only notes that it was called: no test rebuilds what others run.
 */
@Timeout(120)
class ScriptsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path tree;

    @TempDir
    private Path data;

    @BeforeAll
    static void builtTree() throws IOException {
        for (String file : List.of("run", "patron", "pom.xml")) {
            Files.copy(Root.PATH.resolve(file), tree.resolve(file));
        }
        for (String folder : List.of("build", ".mvn", "token", "server", "sandbox")) {
            copy(folder);
        }
        Path maven = Files.createDirectory(tree.resolve("stand-in")).resolve("mvn");
        Files.writeString(
                maven, "#!/bin/sh\necho \"$*\" >>\"$0.calls\"\necho 'It went wrong.'\nexit ${STAND_IN_STATUS:-0}\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        // The first script to run calls it, finds the jars that are here already, and writes down that it was built.
        try (ServerProcess help =
                ServerProcess.command(List.of("./patron", "--help"), tree, Map.of("PATH", pathWithStandIn()))) {
            assertThat(help.exitStatus(LIMIT)).as(help.output()).isZero();
            assertThat(help.output()).contains("Building Patron", "Manages a running Patron server");
        }
        assertThat(mavenCalls()).hasSize(1).first().asString().contains("package");
    }

    @Test
    void registersAnApp_atTheRunningSandbox() {
        try (ServerProcess sandbox = ServerProcess.start(List.of("./run"), tree, environment(Map.of()))) {
            Map<String, String> environment = environment(Map.of(
                    "PATRON_CONSOLE_PORT", Integer.toString(sandbox.console().getPort())));
            JsonNode app;
            try (ServerProcess create = patron(environment, "app", "create", "--name", "Loyalty points", "--json")) {
                assertThat(create.exitStatus(LIMIT)).as(create.output()).isZero();
                app = new JsonMapper().readTree(create.output());
            }
            assertThat(app.get("name").asString()).isEqualTo("Loyalty points");
            assertThat(app.get("client_id").asString()).matches("[A-Za-z0-9]{20,64}");
            assertThat(app.get("client_secret").asString()).matches("\\S{64}");

            try (ServerProcess list = patron(environment, "app", "list")) {
                assertThat(list.exitStatus(LIMIT)).isZero();
                assertThat(list.output())
                        .contains("Loyalty points", app.get("client_id").asString())
                        .doesNotContain(app.get("client_secret").asString());
            }
            try (ServerProcess wrong = patron(environment, "app", "create")) {
                assertThat(wrong.exitStatus(LIMIT)).isEqualTo(2);
                assertThat(wrong.output()).contains("--name");
            }
        }
    }

    @Test
    void saysThatThereIsNoServer() throws IOException {
        Files.writeString(data.resolve("operator-token"), "0".repeat(64));
        String port = Integer.toString(freePort());
        try (ServerProcess list = patron(environment(Map.of("PATRON_CONSOLE_PORT", port)), "app", "list")) {
            assertThat(list.exitStatus(LIMIT)).as(list.output()).isEqualTo(3);
            assertThat(list.output()).contains("No server answers", port, "PATRON_CONSOLE_PORT");
        }
    }

    @Test
    void stopsAtAWrongOption() {
        Map<String, String> environment = environment(Map.of("PATRON_STOREFRONT_PORT", "abc"));
        try (ServerProcess run = ServerProcess.command(List.of("./run"), tree, environment)) {
            assertThat(run.exitStatus(LIMIT)).as(run.output()).isEqualTo(2);
            assertThat(run.output())
                    .contains("patron.storefront.port", "PATRON_STOREFRONT_PORT", "\"abc\"")
                    .contains("1 to 65535");
        }
    }

    @Test
    void saysThatAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment =
                    environment(Map.of("PATRON_STOREFRONT_PORT", Integer.toString(taken.getLocalPort())));
            try (ServerProcess run = ServerProcess.command(List.of("./run"), tree, environment)) {
                assertThat(run.exitStatus(LIMIT)).as(run.output()).isEqualTo(1);
                assertThat(run.output())
                        .contains("in use", "PATRON_STOREFRONT_PORT")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void saysThatTheDataFolderIsTaken() {
        Map<String, String> environment = environment(Map.of());
        try (ServerProcess first = ServerProcess.start(List.of("./run"), tree, environment);
                ServerProcess second = ServerProcess.command(List.of("./run"), tree, environment)) {
            assertThat(second.exitStatus(LIMIT)).as(second.output()).isEqualTo(1);
            assertThat(second.output())
                    .contains("data folder is in use", "PATRON_DATA")
                    .doesNotContain("\tat ");
            assertThat(first.storefront()).isNotNull();
        }
    }

    @Test
    void buildsWhenSomethingChanged_andOnlyThen() throws IOException {
        int before = mavenCalls().size();
        patronHelp(0);
        assertThat(mavenCalls()).hasSize(before);

        Path source = tree.resolve("server/src/main/java/dev/patron/server/PatronServer.java");
        Files.writeString(source, Files.readString(source) + "// changed\n");
        String failed = patronHelp(1);
        assertThat(failed).contains("Building Patron", "It went wrong.", "The build failed");
        assertThat(mavenCalls()).hasSize(before + 1);

        // A build that failed is tried again; one that succeeded is not.
        assertThat(patronHelp(0)).contains("Building Patron");
        assertThat(patronHelp(0)).doesNotContain("Building Patron");
        assertThat(mavenCalls()).hasSize(before + 2);
    }

    /** The command line's help, where a build would end with a status. */
    private String patronHelp(int buildStatus) {
        Map<String, String> environment = environment(Map.of("STAND_IN_STATUS", Integer.toString(buildStatus)));
        try (ServerProcess help = patron(environment, "--help")) {
            assertThat(help.exitStatus(LIMIT)).as(help.output()).isEqualTo(buildStatus);
            return help.output();
        }
    }

    private static List<String> mavenCalls() throws IOException {
        return Files.readAllLines(tree.resolve("stand-in/mvn.calls"));
    }

    private static String pathWithStandIn() {
        return tree.resolve("stand-in") + ":" + System.getenv("PATH");
    }

    /** A port where nobody listens. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static ServerProcess patron(Map<String, String> environment, String... arguments) {
        return ServerProcess.command(
                java.util.stream.Stream.concat(java.util.stream.Stream.of("./patron"), List.of(arguments).stream())
                        .toList(),
                tree,
                environment);
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH",
                tree.resolve("stand-in") + ":" + System.getenv("PATH"),
                "PATRON_DATA",
                data.toString(),
                "PATRON_STOREFRONT_PORT",
                "0",
                "PATRON_CONSOLE_PORT",
                "0"));
        environment.putAll(more);
        return environment;
    }

    /** Copies what the scripts look at: sources, and of what is built the jars. */
    private static void copy(String folder) throws IOException {
        Path from = Root.PATH.toAbsolutePath().normalize();
        Files.walkFileTree(from.resolve(folder), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path path = from.relativize(directory);
                boolean built = path.getNameCount() == 3
                        && path.getName(1).toString().equals("target")
                        && !path.getName(2).toString().equals("lib");
                boolean tests = path.endsWith(Path.of("src", "test"));
                if (built || tests) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(tree.resolve(path.toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        tree.resolve(from.relativize(file).toString()),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
