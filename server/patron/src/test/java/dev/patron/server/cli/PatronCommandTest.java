package dev.patron.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.patron.endpoint.contract.Answer;
import dev.patron.server.TestServer;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.Apps;
import dev.patron.server.app.NewApp;
import dev.patron.server.member.NewMember;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.Place;
import dev.patron.server.script.ScriptDetails;
import dev.patron.token.ClientSecret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
    void app_ofADeveloper_isBlocked_andItsOriginsAreApproved() throws Exception {
        String origin = "https://headless.example";
        AppDetails plain = NewApp.named("Headless").details();
        long owner = SERVER.patron()
                .services()
                .members
                .create(NewMember.developer("dora@example.com", "Dora"), "a password for members")
                .id();
        String id = SERVER.patron()
                .services()
                .apps
                .create(new NewApp(
                        new AppDetails(
                                plain.name(),
                                plain.description(),
                                plain.algorithm(),
                                plain.extraClaims(),
                                plain.needs(),
                                Set.of(origin)),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(),
                        Optional.of(owner)))
                .app()
                .clientId();

        assertThat(patron("app", "origin", "list", id).out()).contains(origin + "  not approved");
        assertThat(patron("app", "origin", "approve", id, origin, "--store", TestServer.STORE)
                        .out())
                .contains(origin + "  approved, decided 2026-");
        assertThat(patron("app", "origin", "list", id).out()).contains("approved at " + TestServer.STORE);
        assertThat(patron("app", "origin", "withdraw", id, origin, "--store", TestServer.STORE)
                        .out())
                .contains("not approved");
        assertThat(patron("app", "origin", "approve", id, origin).out())
                .contains("approved at every store but " + TestServer.STORE);
        Run other = patron("app", "origin", "approve", id, "https://other.example");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains("The app does not list this origin");

        SERVER.patron().services().apps.setDisabled(id, OptionalLong.empty(), true);
        assertThat(patron("app", "disable", id).out()).isEqualTo("Blocked " + id + "." + System.lineSeparator());
        assertThat(patron("app", "show", id).out()).contains("blocked, disabled");
        assertThat(patron("doctor", "http://localhost:" + SERVER.port()).out())
                .contains("Blocked by an operator: Headless (" + id + ")", "Switched off by their owners: Headless");
        assertThat(patron("app", "enable", id).out()).contains("Its developer has switched it off");
        SERVER.patron().services().apps.setDisabled(id, OptionalLong.empty(), false);
        assertThat(token(id)).isEqualTo("200");
    }

    @Test
    void app_createdWithoutJson_isToldToPeople() throws Exception {
        Run created = patron("app", "create", "--name", "Plain", "--store", TestServer.STORE, "--extra-claim", "jti");

        assertThat(created.exit()).isZero();
        assertThat(created.out()).contains("Registered Plain.", "client id", "client secret", "shown this once");
    }

    @Test
    void app_rotatedStepByStep() throws Exception {
        String id = created("Rotated");
        String old = jwt(id);

        Run made = patron("app", "rotate", id);
        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out()).contains("signs nothing yet", "client secret", "shown this once", "next", "signing");
        List<String> ids = secretIds(id);
        assertThat(ids).hasSize(2);

        Run planned = patron("app", "rotate", id, "--to", ids.getFirst(), "--at", "2026-03-02T00:00:00Z");
        assertThat(planned.out()).contains("signs from 2026-03-02T00:00:00Z");
        assertThat(patron("app", "rotate", id, "--cancel").out()).doesNotContain("signs from");
        Run nothingPlanned = patron("app", "rotate", id, "--cancel");
        assertThat(nothingPlanned.exit()).isEqualTo(1);
        assertThat(nothingPlanned.err()).contains("planned");

        Run signs = patron("app", "rotate", id, "--to", ids.getFirst(), "--json");
        assertThat(signs.json().path("secrets").findValuesAsString("state")).containsExactly("signing", "previous");
        assertThat(inspect(jwt(id)).exit()).isZero();
        assertThat(inspect(old).out()).contains("Accepted.", "Signed by the previous secret " + ids.getLast());

        assertThat(patron("app", "retire", id).out())
                .isEqualTo("Retired secret " + ids.getLast() + "." + System.lineSeparator());
        Run refused = inspect(old);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out())
                .contains("Refused, bad_signature: ", "failed", "not reached", "Signed by no secret of");
        Run lastOne = patron("app", "retire", id);
        assertThat(lastOne.exit()).isEqualTo(1);
        assertThat(lastOne.err()).contains("no secret but the one that signs");
        Run signing = patron("app", "retire", id, ids.getFirst());
        assertThat(signing.exit()).isEqualTo(1);
        assertThat(signing.err()).contains("Sign with the other one first");
    }

    @Test
    void app_rotatedNow_printsTheNewSecret(@TempDir Path folder) throws Exception {
        String id = created("Rotated at once");

        Run rotated = patron("app", "rotate", id, "--now", "--json");
        assertThat(rotated.exit()).as(rotated.err()).isZero();
        assertThat(rotated.json().path("client_secret").asString()).matches("[0-9a-f]{64}");
        assertThat(rotated.json().path("client_id").asString()).isEqualTo(id);

        Run again = patron("app", "rotate", id, "--now");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("Retire the one that does not sign first");
        Path file = Files.writeString(folder.resolve("secret"), "a secret of somebody else's portal\r\n");
        Run given = patron("app", "rotate", id, "--now", "--retire-other", "--secret-file", file.toString());
        assertThat(given.exit()).as(given.err()).isZero();
        assertThat(given.out()).contains("from now on").doesNotContain("somebody else");
        assertThat(SERVER.patron()
                        .services()
                        .apps
                        .find(id)
                        .orElseThrow()
                        .signingSecret()
                        .fingerprint())
                .isEqualTo(AppSecret.fingerprint(ClientSecret.of("a secret of somebody else's portal")));
    }

    @Test
    void app_rotatedWithContradictingOptions_isAWrongCommandLine() throws Exception {
        String id = created("Never rotated");

        for (List<String> options : List.of(
                List.of("--now", "--cancel"),
                List.of("--now", "--to", "1"),
                List.of("--at", "2026-03-02T00:00:00Z"),
                List.of("--retire-other"),
                List.of("--cancel", "--secret-file", "x"),
                List.of("--to", "x"))) {
            List<String> command = new ArrayList<>(List.of("app", "rotate", id));
            command.addAll(options);
            assertThat(patron(command.toArray(String[]::new)).exit())
                    .as(options.toString())
                    .isEqualTo(2);
        }
        assertThat(secretIds(id)).hasSize(1);
    }

    @Test
    void app_importedAndShown() throws Exception {
        String id = "imported0imported0imported0imp";
        List<String> command = List.of("app", "import", "--name", "Räksmörgås", "--client-id", id, "--json");
        byte[] secret = "a secret of somebody else's portal\n".getBytes(StandardCharsets.UTF_8);
        Run imported = run(SERVER.data(), SERVER.consolePort(), command, secret);
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(imported.json().path("client_id").asString()).isEqualTo(id);
        assertThat(imported.out()).doesNotContain("somebody else", "client_secret");

        Run shown = patron("app", "show", id);
        assertThat(shown.out().lines().map(String::strip))
                .contains(
                        "Räksmörgås",
                        "client id      " + id,
                        "stores         every store",
                        "needs          email, group_id")
                .anyMatch(line -> line.matches("secret \\d+ +signing +"
                        + AppSecret.fingerprint(ClientSecret.of("a secret of somebody else's portal"))
                        + " +made .*"));
        assertThat(patron("app", "show", id, "--json").json().path("client_id").asString())
                .isEqualTo(id);

        Run twice = run(SERVER.data(), SERVER.consolePort(), command, secret);
        assertThat(twice.exit()).isEqualTo(1);
        assertThat(twice.err()).contains("exists already").doesNotContain("somebody else");
        Run empty = run(SERVER.data(), SERVER.consolePort(), command, new byte[0]);
        assertThat(empty.exit()).isEqualTo(1);
        assertThat(patron("app", "show", "x".repeat(31)).exit()).isEqualTo(1);
    }

    @Test
    void token_inspected_tellsEverything() throws Exception {
        String token = jwt(TestServer.CLIENT_ID);

        Run people = inspect(token + "\n");
        assertThat(people.exit()).as(people.err()).isZero();
        assertThat(people.out())
                .contains(
                        "Accepted.",
                        "passed       aud names this app",
                        "Signed by the signing secret",
                        "\"alg\": \"HS256\"");
        assertThat(inspect(token, "--json").json().path("accepted").asBoolean()).isTrue();
        Run otherStore = inspect(token, "--store", TestServer.OTHER_STORE, "--until-expiry", "--clock-skew", "0");
        assertThat(otherStore.exit()).isEqualTo(1);
        assertThat(otherStore.out()).contains("wrong_store");
        Run garbage = inspect("no token", "--app", TestServer.CLIENT_ID, "--max-age", "60");
        assertThat(garbage.exit()).isEqualTo(1);
        assertThat(garbage.out()).contains("Refused, malformed: ", "Claims: cannot be decoded");
        Run nameless = inspect("no token");
        assertThat(nameless.exit()).isEqualTo(1);
        assertThat(nameless.err()).contains("client_id");
        assertThat(inspect(token, "--max-age", "x").exit()).isEqualTo(2);
    }

    @Test
    void doctor_wholeDeployment_findsNoProblem() throws Exception {
        // The doctor compares the server's clock with that of its own process.
        Duration behind = Duration.between(SERVER.clock().instant(), Instant.now());
        SERVER.clock().advance(behind);
        try {
            Run people = patron("doctor", "http://localhost:" + SERVER.port());
            assertThat(people.exit()).as(people.out() + people.err()).isZero();
            assertThat(people.out())
                    .contains(
                            "good     The endpoint answers at /customer/current.jwt.",
                            "note     The master key lies in")
                    .doesNotContain("problem ");

            JsonNode json = patron("doctor", "http://localhost:" + SERVER.port(), "--json")
                    .json();
            assertThat(json.path("findings").findValuesAsString("id"))
                    .contains("endpoint", "cookie", "migrations", "storage", "console-address");
        } finally {
            SERVER.clock().advance(behind.negated());
        }
    }

    @Test
    void doctor_aShortSecret_isToldWithItsAppAndTheCure() throws Exception {
        String secret = "abcdefghijklmnopqrstuvwxyz01234";
        Apps.Registered app = SERVER.patron()
                .services()
                .apps
                .create(new NewApp(
                        NewApp.named("Mirrored").details(),
                        Optional.empty(),
                        Optional.of(ClientSecret.of(secret)),
                        Set.of(),
                        Optional.empty()));

        Run examined = patron("doctor", "http://localhost:" + SERVER.port());

        assertThat(examined.out())
                .contains(
                        "less than 32 bytes",
                        "Mirrored (" + app.app().clientId() + ")",
                        "./patron app rotate CLIENT_ID")
                .doesNotContain(secret);
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
    void customer_fromCreationToErasure() throws Exception {
        Run created = patron(
                "customer",
                "create",
                "--store",
                TestServer.STORE,
                "--email",
                "lin@example.com",
                "--first-name",
                "Lin",
                "--last-name",
                "Ked",
                "--group",
                "7",
                "--json");
        assertThat(created.exit()).as(created.err()).isZero();
        String id = created.json().path("id").asString();
        assertThat(created.json().path("password_link").path("url").asString()).startsWith("http://localhost:");

        Run found = patron("customer", "list", "--store", TestServer.STORE, "--find", "lin@");
        assertThat(found.out()).contains(id, "enabled", "lin@example.com", "Lin Ked");
        assertThat(patron("customer", "list", "--store", TestServer.STORE, "--limit", "1")
                        .out())
                .contains("There are more: --after ");
        assertThat(patron("customer", "update", "--store", TestServer.STORE, id, "--group", "12", "--json")
                        .json()
                        .path("group_id")
                        .asInt())
                .isEqualTo(12);
        assertThat(patron("customer", "disable", "--store", TestServer.STORE, id)
                        .out())
                .contains("disabled");
        assertThat(patron("customer", "enable", "--store", TestServer.STORE, id).out())
                .contains("enabled");
        assertThat(patron("customer", "password-link", "--store", TestServer.STORE, id)
                        .out())
                .startsWith("http://localhost:");

        assertThat(patron("customer", "erase", "--store", TestServer.STORE, id).exit())
                .isEqualTo(2);
        assertThat(patron("customer", "show", "--store", TestServer.STORE, id).exit())
                .isZero();
        assertThat(patron("customer", "erase", "--store", TestServer.STORE, id, "--yes")
                        .exit())
                .isZero();
        Run gone = patron("customer", "show", "--store", TestServer.STORE, id);
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("This store has no customer with this id");
    }

    @Test
    void customer_withAPasswordFromStandardInput_signsInWithIt_andIsSignedOut() throws Exception {
        Run created = run(
                SERVER.data(),
                SERVER.consolePort(),
                List.of(
                        "customer",
                        "create",
                        "--store",
                        TestServer.STORE,
                        "--email",
                        "stdin@example.com",
                        "--first-name",
                        "S",
                        "--last-name",
                        "T",
                        "--password-stdin"),
                "a password from a pipe\n".getBytes(StandardCharsets.UTF_8));
        assertThat(created.exit()).as(created.err()).isZero();
        assertThat(created.out()).contains("stdin@example.com").doesNotContain("http");
        String id = created.out().strip().split(" +", 2)[0];
        Answer signedIn = SERVER.call("POST", "/login.php?action=check_login")
                .with("Origin", "http://localhost:" + SERVER.port())
                .with("Sec-Fetch-Site", "same-origin")
                .body(
                        "application/x-www-form-urlencoded",
                        "login_email=stdin%40example.com&login_pass=a+password+from+a+pipe")
                .send();
        assertThat(signedIn.status()).isEqualTo(302);

        JsonNode session = patron("session", "list", "--store", TestServer.STORE, "--customer", id, "--json")
                .json()
                .path("sessions")
                .path(0);
        assertThat(session.path("customer_id").asString()).isEqualTo(id);
        Run ended = patron(
                "session",
                "end",
                "--store",
                TestServer.STORE,
                "--key=" + session.path("key").asString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(patron("session", "list", "--store", TestServer.STORE, "--customer", id)
                        .out())
                .contains("Nobody is signed in.");
        assertThat(patron("session", "end", "--store", TestServer.STORE, "--customer", id)
                        .exit())
                .isZero();
        assertThat(patron("session", "end", "--store", TestServer.STORE).exit()).isEqualTo(2);
    }

    @Test
    void completion_completesCommandsInBash(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(
                folder.resolve("completion"), patron("completion").out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$0\"; COMP_WORDS=(patron app ro); COMP_CWORD=2; _complete_patron patron ro app;"
                                + " echo \"${COMPREPLY[@]}\"",
                        script.toString())
                .redirectErrorStream(true)
                .start();

        String completed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).as(completed).isZero();
        assertThat(completed.strip()).isEqualTo("rotate");
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

        assertThat(SERVER.patron().services().scripts.list(TestServer.OTHER_STORE))
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
    void anotherServer_exitsWith3() throws Exception {
        // The storefront; and one that knows every path, and answers with a page.
        Run storefront = run(SERVER.data(), SERVER.port(), List.of("app", "list"));
        HttpServer pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<p>Hello".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        pages.start();
        Run page = run(SERVER.data(), pages.getAddress().getPort(), List.of("app", "list"));
        pages.stop(0);

        assertThat(List.of(storefront, page)).allSatisfy(run -> {
            assertThat(run.exit()).isEqualTo(3);
            assertThat(run.err()).contains("is not Patron's console", "PATRON_CONSOLE_PORT");
        });
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

    private static String created(String name) throws Exception {
        return patron("app", "create", "--name", name, "--json")
                .json()
                .path("client_id")
                .asString();
    }

    private static List<String> secretIds(String clientId) throws Exception {
        return patron("app", "show", clientId, "--json").json().path("secrets").findValuesAsString("id");
    }

    private static String jwt(String clientId) {
        return SERVER.call("GET", "/customer/current.jwt?app_client_id=" + clientId)
                .with("Cookie", SERVER.signIn())
                .send()
                .body();
    }

    private static Run inspect(String token, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("token", "inspect"));
        command.addAll(List.of(options));
        return run(SERVER.data(), SERVER.consolePort(), command, token.getBytes(StandardCharsets.UTF_8));
    }
}
