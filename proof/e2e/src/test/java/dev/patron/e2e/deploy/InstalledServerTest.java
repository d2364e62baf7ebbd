package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server as it is installed on a machine and in an image: what the document says to type, the runtime that is linked
 * for it, the options of the virtual machine, the command line, the health check.
 */
@Timeout(240)
class InstalledServerTest {

    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    private Path machine;

    @Test
    void installedServer_signsInGivesTokensAndTellsItsHealth() throws IOException {
        install();
        Path data = Files.createDirectories(machine.resolve("var/lib/patron"));
        ServerProcess server = ServerProcess.start(
                command(),
                data,
                Map.of(
                        "PATRON_CONFIGURATION",
                        machine.resolve("etc/patron/patron.properties").toString(),
                        "PATRON_DATA",
                        data.toString(),
                        "PATRON_STOREFRONT_PORT",
                        "0",
                        "PATRON_CONSOLE_PORT",
                        "0"));
        int console = server.console().getPort();
        try (server;
                ShopClient client = new ShopClient(
                        server.storefront(),
                        server.console(),
                        Files.readString(data.resolve("operator-token")).strip())) {
            Program.run(commandLine(console, data, "store create shop1 --http --name Installed --host localhost"));
            assertThat(Program.run(commandLine(console, data, "store list"))).contains("shop1", "Installed");
            HttpResponse<String> app = client.console("POST", "/api/v1/apps", Map.of("name", "Witness"));
            assertThat(app.statusCode()).as(app.body()).isEqualTo(201);
            String session = ShopClient.session(client.signUp("installed@example.com", PASSWORD))
                    .orElseThrow();

            HttpResponse<String> token = client.currentJwt(
                    session, ShopClient.json(app).get("client_id").asString());

            assertThat(token.statusCode()).as(token.body()).isEqualTo(200);
            assertThat(client.console("GET", "/api/v1/metrics", Map.of()).statusCode())
                    .isEqualTo(200);
            Program.Result health = Program.tried(healthCheck(console));
            assertThat(health.status()).as(health.output()).isZero();
        }
        assertThat(Program.tried(healthCheck(console)).status()).isNotZero();
    }

    /** Does what the document says, on a machine that is a folder. */
    private void install() throws IOException {
        String document = Files.readString(Root.PATH.resolve("docs/deployment.md"));
        int section = document.indexOf("## On one machine: systemd");
        Matcher block = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertThat(block.find(section)).isTrue();
        String commands = block.group(1)
                .replaceAll("/(opt|etc)/", machine + "/$1/")
                .replace("systemctl enable --now patron\n", "");
        assertThat(commands).doesNotContain("systemctl").contains("deploy/link-runtime");
        Files.createDirectories(machine.resolve("etc/systemd/system"));

        Program.run(List.of(
                "sh",
                "-euc",
                "export JAVA_HOME='" + System.getProperty("java.home") + "'; cd '" + Root.PATH.toAbsolutePath() + "'\n"
                        + commands));

        assertThat(machine.resolve("etc/systemd/system/patron.service"))
                .hasSameTextualContentAs(Root.PATH.resolve("deploy/patron.service"));
    }

    /** What systemd and the image run. */
    private List<String> command() throws IOException {
        List<String> image = new ArrayList<>();
        for (String word : words("ENTRYPOINT")) {
            image.add(word);
        }
        assertThat(Files.readString(machine.resolve("etc/systemd/system/patron.service")))
                .contains("\nExecStart=" + String.join(" ", image) + "\n");
        image.replaceAll(word -> word.replace("/opt/", machine + "/opt/"));
        return image;
    }

    private List<String> healthCheck(int console) throws IOException {
        List<String> command = new ArrayList<>(words("    CMD"));
        assertThat(command).hasSize(3);
        command.replaceAll(word -> word.replace("/8081", "/" + console));
        return command;
    }

    private List<String> commandLine(int console, Path data, String arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "PATRON_CONSOLE_PORT=" + console,
                "PATRON_DATA=" + data,
                machine.resolve("opt/patron/patron").toString()));
        command.addAll(List.of(arguments.split(" ", -1)));
        return command;
    }

    /** The words of an instruction of the Dockerfile. */
    private static List<String> words(String instruction) throws IOException {
        for (String line : Files.readAllLines(Root.PATH.resolve("deploy/Dockerfile"))) {
            if (line.startsWith(instruction + " [")) {
                List<String> words = new ArrayList<>();
                new JsonMapper()
                        .readTree(line.substring(instruction.length()))
                        .forEach(word -> words.add(word.asString()));
                return words;
            }
        }
        throw new AssertionError("The Dockerfile has no " + instruction);
    }
}
