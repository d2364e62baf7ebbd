package dev.patron.server.api;

import static dev.patron.server.TestServer.CURRENT_JWT;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.account.Browser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Customers, their sessions and the ledger over the API. Who may do what is {@code ApiAccessTest}'s. */
class CustomersApiTest {

    private static final String API = "/api/v1/stores/" + STORE;
    private static final TestServer SERVER = TestServer.start();
    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void customer_withoutAPassword_choosesOneByTheLinkInTheAnswer() {
        String address = address();
        Answer made = create(address, "");

        assertThat(made.status()).isEqualTo(201);
        long id = made.json().path("id").asLong();
        assertThat(made.header("Location")).contains(API + "/customers/" + id);
        assertThat(made.header("ETag")).contains("\"1\"");
        String url = made.json().path("password_link").path("url").asString();
        assertThat(url).startsWith("http://localhost:" + SERVER.port() + "/login.php?");
        String target = url.substring(url.indexOf("/login.php"));
        logs.watch(target.substring(target.indexOf("token=") + 6));
        assertThat(Browser.at(SERVER, logs).open(target).status()).isEqualTo(200);
        assertThat(create(address, "").json().path("id").asString()).isEqualTo("email_taken");

        Answer again = SERVER.operator("POST", API + "/customers/" + id + "/password-links")
                .send();
        assertThat(again.json().path("url").asString()).isNotEqualTo(url);
        assertThat(Browser.at(SERVER, logs).get(target).status()).isEqualTo(404);
    }

    @Test
    void customer_isChangedFromItsRevisionOnly_andDisabled() {
        String path = API + "/customers/" + created().path("id").asLong();
        Call change = SERVER.operator("PATCH", path).body("application/json", "{\"group_id\":12}");

        Answer changed = change.with("If-Match", "\"1\"").send();
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("group_id").asLong()).isEqualTo(12);
        assertThat(changed.header("ETag")).contains("\"2\"");
        Answer late = SERVER.operator("PATCH", path)
                .body("application/json", "{\"first_name\":\"Late\"}")
                .with("If-Match", "\"1\"")
                .send();
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.json().path("id").asString()).isEqualTo("revision_conflict");

        Answer disabled = SERVER.operator("PATCH", path)
                .body("application/json", "{\"disabled\":true}")
                .send();
        assertThat(disabled.json().path("disabled").asBoolean()).isTrue();
    }

    @Test
    void sessionsAndDisclosures_areListed_ended_anonymous() {
        JsonNode customer = created();
        long id = customer.path("id").asLong();
        Browser browser = signedIn(customer);
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(200);
        SERVER.patron().services().auditLog.write();

        JsonNode session = get("/sessions?customer_id=" + id).path("sessions").path(0);
        assertThat(session.path("address").asString()).isEqualTo("127.0.0.1");
        JsonNode disclosed = get("/disclosures?customer_id=" + id).path("disclosures");
        assertThat(disclosed.size()).isEqualTo(1);
        assertThat(disclosed.path(0).path("client_id").asString()).isEqualTo(TestServer.CLIENT_ID);

        String key = session.path("key").asString();
        assertThat(SERVER.operator("DELETE", API + "/sessions/" + key).send().status())
                .isEqualTo(204);
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(404);
        assertThat(SERVER.operator("DELETE", API + "/sessions/" + key).send().status())
                .isEqualTo(404);

        assertThat(SERVER.operator("DELETE", API + "/customers/" + id).send().status())
                .isEqualTo(204);
        assertThat(get("/disclosures?customer_id=" + id).path("disclosures").size())
                .isZero();
        assertThat(get("/disclosures").path("disclosures").valueStream())
                .anyMatch(row -> row.path("customer_id").isNull());
    }

    @Test
    void list_goesOnWhereItsPartsEnd() {
        for (int i = 0; i < 5; i++) {
            created();
        }

        List<Long> ids = new ArrayList<>();
        String target = API + "/customers?limit=2";
        while (!target.isEmpty()) {
            Answer part = SERVER.operator("GET", target).send();
            assertThat(part.status()).isEqualTo(200);
            assertThat(part.json().path("customers").size()).isLessThanOrEqualTo(2);
            part.json()
                    .path("customers")
                    .forEach(customer -> ids.add(customer.path("id").asLong()));
            assertThat(part.header("Link").isPresent())
                    .isEqualTo(!part.json().path("next").isNull());
            target = part.header("Link")
                    .map(link -> link.substring(1, link.indexOf('>')))
                    .orElse("");
        }

        assertThat(ids).hasSizeGreaterThan(5).doesNotHaveDuplicates().isSorted();
    }

    @ParameterizedTest
    @CsvSource({
        "/customers?limit=0, limit must be a whole number from 1 to 100.",
        "/customers?limit=101, limit must be a whole number from 1 to 100.",
        "/customers?limit=ten, limit must be a whole number from 1 to 100.",
        "/customers?limit=1&limit=2, limit must be there at most once.",
        "/customers?after=x, after must be the next of another answer of this list.",
        "/sessions?after=x, after must be the next of another answer of this list.",
        "/sessions?customer_id=x, customer_id must be a whole number.",
        "/disclosures?after=1, after must be the next of another answer of this list.",
        "/disclosures?from=yesterday, from must be a moment such as 2026-11-23T09:00:00Z.",
        "/disclosures?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z, to must not be before from."
    })
    void list_wrongParameter_isNamed(String target, String detail) {
        String path = target.substring(0, target.indexOf('?'));
        assertThat(SERVER.operator("GET", API + path + "?limit=100").send().status())
                .isEqualTo(200);

        Answer answer = SERVER.operator("GET", API + target).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("detail").asString()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"email\":\"nobody\"|email: Enter an e-mail address",
                "\"first_name\":\"\"|first_name: ",
                "\"group_id\":-1|group_id must be",
                "\"password\":\"short\"|password: ",
                "\"role\":\"king\"|There is no member role"
            })
    void create_wrongMember_isNamed(String member, String detail) {
        ObjectNode body = JSON.createObjectNode()
                .put("email", address())
                .put("first_name", "F")
                .put("last_name", "L");
        assertThat(post(body.toString()).status()).isEqualTo(201);

        body.put("email", address());
        Answer answer =
                post(body.setAll((ObjectNode) JSON.readTree("{" + member + "}")).toString());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("detail").asString()).startsWith(detail);
    }

    private JsonNode created() {
        Answer made = create(address(), ",\"password\":\"" + TestServer.PASSWORD + "\"");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().has("password_link")).isFalse();
        return made.json();
    }

    private static Answer create(String address, String more) {
        return post("{\"email\":\"" + address + "\",\"first_name\":\"Lin\",\"last_name\":\"Ked\"" + more + "}");
    }

    private static Answer post(String body) {
        return SERVER.operator("POST", API + "/customers")
                .body("application/json", body)
                .send();
    }

    private static JsonNode get(String target) {
        Answer answer = SERVER.operator("GET", API + target).send();
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private Browser signedIn(JsonNode customer) {
        Browser browser = Browser.at(SERVER, logs);
        assertThat(browser.signIn(customer.path("email").asString(), TestServer.PASSWORD)
                        .status())
                .isEqualTo(302);
        return browser;
    }

    private String address() {
        String address = "api" + COUNTER.incrementAndGet() + "@example.com";
        logs.watch(address);
        return address;
    }
}
