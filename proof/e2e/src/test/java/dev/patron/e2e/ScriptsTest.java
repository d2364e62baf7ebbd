package dev.patron.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.engines.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./run}, {@code ./patron} and {@code ./test}, as a newcomer types them. They run in a copy of the tree, with a stand-in for Maven
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
        for (String file : List.of("run", "patron", "test", "pom.xml")) {
            Files.copy(Root.PATH.resolve(file), tree.resolve(file));
        }
        for (String folder : List.of("build", ".mvn", "token", "endpoint", "apps", "server", "sandbox", "sample")) {
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
    void everyPatronCommandOfTheDocuments_works() {
        Pattern block = Pattern.compile("(?<=```sh\n)\\./patron [^`]*(?=```)");
        List<String> commands = new ArrayList<>();
        // The first of them names a script by its number, and expects to have added the first one.
        for (String document : List.of("docs/scripts.md", "README.md")) {
            assertThat(documented(document, block)).as(document).isNotEmpty();
            commands.addAll(documented(document, block));
        }
        try (ServerProcess sandbox = ServerProcess.start(List.of("./run"), tree, environment(Map.of()))) {
            Map<String, String> environment = environment(Map.of(
                    "PATRON_CONSOLE_PORT", Integer.toString(sandbox.console().getPort())));
            for (String command : commands) {
                shell(command, environment);
            }
            String app = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
            shell("./patron app disable " + app, environment);
            assertThat(shell("./patron app list", environment)).contains("blocked");
            shell("./patron app enable " + app, environment);
            assertThat(shell("./patron app list", environment)).doesNotContain("blocked");
        }
    }

    @Test
    void serverWithoutTheDemoStore_startsAsTheReadmeSays() throws IOException {
        String command = documented("README.md", Pattern.compile("(?m)^java -jar .*$"))
                .getFirst()
                .replaceFirst("^java", System.getProperty("java.home") + "/bin/java");
        try (ServerProcess server = ServerProcess.start(List.of(command.split(" ")), tree, environment(Map.of()))) {
            assertThat(server.output()).contains("no store yet", "./patron store create shop1");
            Map<String, String> environment = environment(Map.of(
                    "PATRON_CONSOLE_PORT", Integer.toString(server.console().getPort())));
            try (ShopClient client = new ShopClient(server.storefront(), server.console(), "")) {
                assertThat(client.signIn("nobody@example.com", "wrong").statusCode())
                        .isEqualTo(404);
                shell("./patron store create shop1 --name 'My shop' --host localhost --http", environment);
                assertThat(client.signIn("nobody@example.com", "wrong").statusCode())
                        .isEqualTo(422);
            }
        }
    }

    @Test
    void everyTestCommandOfTheDocuments_getsToMaven() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String document : List.of("README.md", "CONTRIBUTING.md", "token/README.md")) {
            commands.addAll(documented(document, Pattern.compile("(?<=`)\\./test[^`\n]*(?=`)|(?m)^\\./test.*$")));
        }
        assertThat(commands).contains("./test", "./test -pl token");
        Map<String, String> environment = environment(Map.of("PATRON_CHROMIUM", "/bin/true"));
        for (String command : commands) {
            shell(command, environment);
            assertThat(mavenCalls().getLast()).isEqualTo(command.replace("./test", "-B -ntp verify"));
        }
    }

    /** What a document says to type. */
    private static List<String> documented(String document, Pattern command) {
        try {
            return command.matcher(Files.readString(Root.PATH.resolve(document)))
                    .results()
                    .map(MatchResult::group)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Types lines, and tells what they print; each has to succeed. */
    private static String shell(String lines, Map<String, String> environment) {
        try (ServerProcess typed = ServerProcess.command(List.of("sh", "-ec", lines), tree, environment)) {
            assertThat(typed.exitStatus(LIMIT))
                    .as(lines + "\n" + typed.output())
                    .isZero();
            return typed.output();
        }
    }

    @Test
    void saysThatThereIsNoServer() throws IOException {
        Files.writeString(data.resolve("operator-token"), "0".repeat(64));
        String port = Integer.toString(FreePort.find());
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

        Path source = tree.resolve("server/patron/src/main/java/dev/patron/server/PatronServer.java");
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

    private static ServerProcess patron(Map<String, String> environment, String... arguments) {
        return ServerProcess.command(
                Stream.concat(Stream.of("./patron"), List.of(arguments).stream())
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
                "0",
                // Its script would be the first one.
                "PATRON_SAMPLE_PORT",
                "off"));
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
