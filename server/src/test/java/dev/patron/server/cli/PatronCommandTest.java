package dev.patron.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestServer;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.Place;
import dev.patron.server.script.ScriptDetails;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line, as a process of its own, against a running server. */
final class PatronCommandTest {

    private static final TestServer SERVER = TestServer.start();

    /** What a command printed, and its exit status. */
    private record Run(int exit, String out, String err) {
        JsonNode json() {
            return new JsonMapper().readTree(out);
        }
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void app_fromCreationToDisablingAndBack() throws Exception {
        Run created = patron("app", "create", "--name", "Räksmörgås", "--json");
        assertThat(created.exit()).as(created.err()).isZero();
        String clientId = created.json().path("client_id").asString();
        String secret = created.json().path("client_secret").asString();
        assertThat(clientId).matches("[a-z0-9]{31}");
        assertThat(secret).matches("[0-9a-f]{64}");
        assertThat(token(clientId)).isEqualTo("200");

        Run listed = patron("app", "list");
        assertThat(listed.exit()).isZero();
        assertThat(listed.out()).contains(clientId, "active", "Räksmörgås").doesNotContain(secret);

        Run disabled = patron("app", "disable", clientId);
        assertThat(disabled.exit()).isZero();
        assertThat(disabled.out()).isEqualTo("Disabled " + clientId + "." + System.lineSeparator());
        assertThat(token(clientId)).isEqualTo("403 unknown_app");
        Run enabled = patron("app", "enable", clientId);
        assertThat(enabled.out()).isEqualTo("Enabled " + clientId + "." + System.lineSeparator());
        assertThat(token(clientId)).isEqualTo("200");

        assertThat(patron("app", "list", "--json").json().path("apps").toString())
                .contains(clientId)
                .doesNotContain(secret);
    }

    @Test
    void app_createdWithoutJson_isToldToPeople() throws Exception {
        Run created = patron("app", "create", "--name", "Plain", "--store", TestServer.STORE, "--extra-claim", "jti");

        assertThat(created.exit()).isZero();
        assertThat(created.out()).contains("Registered Plain.", "client id", "client secret", "shown this once");
    }

    @Test
    void doctor_wholeDeployment_findsNoProblem() throws Exception {
        Run people = patron("doctor", "http://localhost:" + SERVER.port());
        assertThat(people.exit()).as(people.out() + people.err()).isZero();
        assertThat(people.out())
                .contains("good     The endpoint answers at /customer/current.jwt.", "note     The master key lies in")
                .doesNotContain("problem ");

        JsonNode json =
                patron("doctor", "http://localhost:" + SERVER.port(), "--json").json();
        assertThat(json.path("findings").findValuesAsString("id"))
                .contains("endpoint", "cookie", "migrations", "storage", "console-address");
    }

    @Test
    void doctor_aProblem_isToldWithItsCureAndTheExitStatus() throws Exception {
        // A host that no store has: the same server by its other name.
        Run run = patron("doctor", "http://127.0.0.1:" + SERVER.port(), "--outside-only");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains("problem  The server answers, but knows no store at the host 127.0.0.1.", "-> Add");
    }

    @Test
    void doctor_noOrigin_isAWrongCommandLine() throws Exception {
        Run run = patron("doctor", "shop.example");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("such as https://shop.example");
    }

    @Test
    void store_createdAndListed() throws Exception {
        Run created = patron("store", "create", "clistore", "--name", "Shop", "--host", "cli.localhost", "--http");
        assertThat(created.exit()).as(created.err()).isZero();

        assertThat(patron("store", "list").out().lines())
                .containsSequence("clistore      Shop", "              http://cli.localhost")
                .contains("              https://" + TestServer.OTHER_HOST);
        assertThat(SERVER.call("GET", TestServer.CURRENT_JWT)
                        .host("cli.localhost")
                        .send()
                        .outcome())
                .isEqualTo("404 not_signed_in");
    }

    @Test
    void script_fromAddingToRemoving(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("snippet.html"), "<script>'💡'</script>\n");
        Run added = patron(
                "script",
                "add",
                "--store",
                TestServer.STORE,
                "--name",
                "Räksmörgås",
                "--file",
                file.toString(),
                "--json");
        assertThat(added.exit()).as(added.err()).isZero();
        assertThat(added.json().path("contents").asString()).isEqualTo("<script>'💡'</script>\n");
        assertThat(added.json().path("place").asString()).isEqualTo("footer");
        assertThat(added.json().path("pages").toString()).isEqualTo("[\"all\"]");
        String id = added.json().path("id").asString();

        assertThat(patron("script", "list", "--store", TestServer.STORE).out())
                .contains(id, "footer", "enabled", "all", "Räksmörgås");
        assertThat(patron("script", "disable", "--store", TestServer.STORE, id).out())
                .isEqualTo("Disabled script " + id + "." + System.lineSeparator());
        assertThat(patron("script", "list", "--store", TestServer.STORE).out()).contains("disabled");
        assertThat(patron("script", "enable", "--store", TestServer.STORE, id, "--json")
                        .json()
                        .path("enabled")
                        .asBoolean())
                .isTrue();
        assertThat(patron("script", "remove", "--store", TestServer.STORE, id).exit())
                .isZero();
        assertThat(patron("script", "list", "--store", TestServer.STORE).out()).contains("No scripts yet");

        Run gone = patron("script", "enable", "--store", TestServer.STORE, id);
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("no script with this id");
    }

    @Test
    void script_addedFromStandardInput_withEverything() throws Exception {
        List<String> command = List.of(
                "script",
                "add",
                "--store",
                TestServer.OTHER_STORE,
                "--name",
                "n",
                "--place",
                "head",
                "--page",
                "front",
                "--page",
                "product",
                "--order",
                "7",
                "--disabled");
        Run added = run(SERVER.data(), SERVER.consolePort(), command, "<b>piped</b>".getBytes(StandardCharsets.UTF_8));
        assertThat(added.exit()).as(added.err()).isZero();
        assertThat(added.out()).contains("Added n as script");

        assertThat(SERVER.patron().scripts().list(TestServer.OTHER_STORE))
                .singleElement()
                .satisfies(script -> assertThat(script.details())
                        .isEqualTo(new ScriptDetails(
                                "n", Place.HEAD, Set.of(PageKind.FRONT, PageKind.PRODUCT), "<b>piped</b>", false, 7)));
    }

    @Test
    void script_thatCannotBeRead_isAWrongCommandLine(@TempDir Path folder) throws Exception {
        Run missing = patron(
                "script",
                "add",
                "--store",
                TestServer.STORE,
                "--name",
                "n",
                "--file",
                folder.resolve("x").toString());
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("no file");
        Run elsewhere = patron("script", "list", "--store", "../apps");
        assertThat(elsewhere.exit()).isEqualTo(2);
        assertThat(elsewhere.err()).contains("store hash");

        Path latin = Files.write(folder.resolve("latin.html"), new byte[] {'<', (byte) 0xe4, '>'});
        Run charset = patron("script", "add", "--store", TestServer.STORE, "--name", "n", "--file", latin.toString());
        assertThat(charset.exit()).isEqualTo(2);
        assertThat(charset.err()).contains("UTF-8");

        Path huge = Files.writeString(folder.resolve("huge.html"), "x".repeat(65_537));
        Run tooLong = patron("script", "add", "--store", TestServer.STORE, "--name", "n", "--file", huge.toString());
        assertThat(tooLong.exit()).isEqualTo(1);
        assertThat(tooLong.err()).contains("65536");
    }

    @Test
    void refusal_exitsWith1AndSaysWhy() throws Exception {
        Run refused = patron("app", "create", "--name", "n", "--algorithm", "none");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("algorithm");
        assertThat(refused.out()).isEmpty();
        assertThat(patron("app", "disable", "a".repeat(31)).exit()).isEqualTo(1);
    }

    @Test
    void wrongCommandLine_exitsWith2() throws Exception {
        assertThat(patron("app", "create").exit()).isEqualTo(2);
        Run malformed = patron("app", "disable", "../stores");
        assertThat(malformed.exit()).isEqualTo(2);
        assertThat(malformed.err()).contains("client id");
    }

    @Test
    void noServer_exitsWith3() throws Exception {
        Run unreachable = run(SERVER.data(), 1, List.of("app", "list"));

        assertThat(unreachable.exit()).isEqualTo(3);
        assertThat(unreachable.err()).contains("PATRON_CONSOLE_PORT").doesNotContain("Exception");
    }

    @Test
    void noOperatorToken_exitsWith4(@TempDir Path empty) throws Exception {
        Run missing = run(empty, SERVER.consolePort(), List.of("app", "list"));
        assertThat(missing.exit()).isEqualTo(4);
        assertThat(missing.err()).contains("PATRON_DATA");

        Files.writeString(empty.resolve("operator-token"), "0".repeat(64));
        Run wrong = run(empty, SERVER.consolePort(), List.of("app", "list"));
        assertThat(wrong.exit()).isEqualTo(4);
        assertThat(wrong.err()).doesNotContain("0".repeat(64));
    }

    @Test
    void options_ofTheCurrentFolder_areRead(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("patron.properties");
        String server = "patron.data=" + SERVER.data() + "\npatron.console.port=" + SERVER.consolePort() + "\n";
        for (String address : List.of("127.0.0.1", "0.0.0.0", "::")) {
            Files.writeString(file, server + "patron.console.address=" + address + "\n");
            Run found = run(folder, Map.of(), List.of("app", "list"));
            assertThat(found.exit()).as(address + ": " + found.err()).isZero();
        }

        Files.writeString(file, server + "patron.console.address=192.0.2.1\n");

        Run elsewhere = run(folder, Map.of(), List.of("app", "list"));
        assertThat(elsewhere.exit()).isEqualTo(4);
        assertThat(elsewhere.err()).contains("192.0.2.1", "not an address of this machine");
    }

    private static String token(String clientId) {
        return SERVER.call("GET", "/customer/current.jwt?app_client_id=" + clientId)
                .with("Cookie", SERVER.signIn())
                .send()
                .outcome();
    }

    private static Run patron(String... arguments) throws IOException, InterruptedException {
        return run(SERVER.data(), SERVER.consolePort(), List.of(arguments));
    }

    private static Run run(Path data, int consolePort, List<String> arguments)
            throws IOException, InterruptedException {
        return run(data, consolePort, arguments, new byte[0]);
    }

    private static Run run(Path data, int consolePort, List<String> arguments, byte[] input)
            throws IOException, InterruptedException {
        return run(
                data,
                Map.of("PATRON_DATA", data.toString(), "PATRON_CONSOLE_PORT", Integer.toString(consolePort)),
                arguments,
                input);
    }

    private static Run run(Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        return run(folder, environment, arguments, new byte[0]);
    }

    private static Run run(Path folder, Map<String, String> environment, List<String> arguments, byte[] input)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                PatronCommand.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PATRON_"));
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Path err = Files.createTempFile("patron", ".err");
        builder.redirectError(err.toFile());
        Process process = builder.start();
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input);
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        String errors = Files.readString(err);
        Files.delete(err);
        return new Run(exit, out, errors);
    }
}
