package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.e2e.node.TwoNodes.App;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.InvalidTokenException.Reason;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on the same engines: what is done at one counts at the other from the next request on. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NodesContract {

    private static final String STORE = "nodes1";
    private static final String PASSWORD = "correct horse battery";

    private final Engines.Kind kind;
    private Engines engines;
    private TwoNodes nodes;
    private Node a;
    private Node b;

    NodesContract(Engines.Kind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start() throws IOException {
        engines = Engines.start(kind);
        nodes = TwoNodes.start(STORE, engines.environment(), engines.environment());
        a = nodes.a();
        b = nodes.b();
    }

    @AfterAll
    void stop() {
        nodes.close();
        engines.close();
    }

    @Test
    void session_begunAtOneNode_isKnownAtTheOther_andEndedAtBoth() throws Exception {
        App app = nodes.createApp();
        String session = signUp("session@example.com");
        assertThat(token(b, session, app).groupId()).isEmpty();
        assertThat(token(a, session, app).email()).isEqualTo("session@example.com");

        assertThat(a.client().signOut(session).statusCode()).isEqualTo(302);

        assertThat(ShopClient.problem(b.client().currentJwt(session, app.clientId())))
                .isEqualTo("404 not_signed_in");
    }

    @Test
    void everySessionEndedAtOneNode_isOverAtTheOther() throws Exception {
        App app = nodes.createApp();
        String first = signUp("everywhere@example.com");
        String second = ShopClient.session(b.client().signIn("everywhere@example.com", PASSWORD))
                .orElseThrow();
        CurrentCustomer customer = token(b, first, app);
        assertThat(token(a, second, app).id()).isEqualTo(customer.id());

        HttpResponse<String> ended = a.client()
                .console("DELETE", "/api/v1/stores/" + STORE + "/customers/" + customer.id() + "/sessions", Map.of());
        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(204);

        assertThat(ShopClient.problem(b.client().currentJwt(first, app.clientId())))
                .isEqualTo("404 not_signed_in");
        assertThat(ShopClient.problem(b.client().currentJwt(second, app.clientId())))
                .isEqualTo("404 not_signed_in");
    }

    @Test
    void appDisabledAtOneNode_isUnknownAtTheOther() throws Exception {
        App app = nodes.createApp();
        String session = signUp("disabled@example.com");
        assertThat(token(b, session, app).email()).isEqualTo("disabled@example.com");

        change(a, "/api/v1/apps/" + app.clientId(), Map.of("disabled", true));

        assertThat(ShopClient.problem(b.client().currentJwt(session, app.clientId())))
                .isEqualTo("403 unknown_app");
    }

    @Test
    void secretReplacedAtOneNode_signsAtTheOther() throws Exception {
        App app = nodes.createApp();
        String session = signUp("rotated@example.com");
        assertThat(token(b, session, app).email()).isEqualTo("rotated@example.com");

        HttpResponse<String> second =
                a.client().console("POST", "/api/v1/apps/" + app.clientId() + "/secrets", Map.of("sign_now", true));
        assertThat(second.statusCode()).as(second.body()).isEqualTo(201);
        App rotated = new App(
                app.clientId(), ShopClient.json(second).get("client_secret").asString());

        assertThat(token(b, session, rotated).email()).isEqualTo("rotated@example.com");
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> token(b, session, app))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_SIGNATURE));
    }

    @Test
    void customerChangedAtOneNode_isSoInTheNextTokenOfTheOther() throws Exception {
        App app = nodes.createApp();
        String session = signUp("group@example.com");
        CurrentCustomer before = token(b, session, app);
        assertThat(before.groupId()).isEmpty();

        change(a, "/api/v1/stores/" + STORE + "/customers/" + before.id(), Map.of("group_id", 42));
        assertThat(token(b, session, app).groupId()).hasValue(42);

        change(a, "/api/v1/stores/" + STORE + "/customers/" + before.id(), Map.of("disabled", true));
        assertThat(ShopClient.problem(b.client().currentJwt(session, app.clientId())))
                .isEqualTo("404 not_signed_in");
    }

    @Test
    void nodeWithAnotherMasterKey_doesNotStart(@TempDir Path data) {
        Map<String, String> environment = new HashMap<>(engines.environment());
        environment.put("PATRON_MASTER_KEY", "5d".repeat(32));
        environment.put("PATRON_DATA", data.toString());
        environment.put("PATRON_STOREFRONT_PORT", "0");
        environment.put("PATRON_CONSOLE_PORT", "0");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        try (ServerProcess other = ServerProcess.command(
                List.of(java, "-jar", Root.serverJar().toAbsolutePath().toString()), data, environment)) {
            assertThat(other.exitStatus(Duration.ofSeconds(60))).isEqualTo(2);
            assertThat(other.output())
                    .contains("patron.master-key: Storage was written with another master key.")
                    .doesNotContain("5d5d", "\tat ");
        }
    }

    private String signUp(String email) throws IOException {
        HttpResponse<String> signedUp = a.client().signUp(email, PASSWORD);
        assertThat(signedUp.statusCode()).as(signedUp.body()).isEqualTo(302);
        return ShopClient.session(signedUp).orElseThrow();
    }

    private static CurrentCustomer token(Node node, String session, App app) throws IOException, InvalidTokenException {
        HttpResponse<String> answer = node.client().currentJwt(session, app.clientId());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return CurrentCustomerVerifier.builder(app.clientId(), app.clientSecret())
                .expectStore(STORE)
                .build()
                .verify(answer.body());
    }

    private static void change(Node node, String path, Map<String, Object> fields) throws IOException {
        HttpResponse<String> answer = node.client().console("PATCH", path, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
