package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import dev.patron.token.JwsAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server is held against {@code docs/openapi.yaml}, which it serves: the same routes, statuses and shapes. */
class OpenApiTest {

    private static final String API = "/api/v1/";
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "delete", "put");
    private static final TestServer SERVER = TestServer.start();
    private static final String LISTING_APP = "listing000000000000000000000000";

    static {
        SERVER.addApp(LISTING_APP, JwsAlgorithm.HS256, Set.of(), Set.of("https://shop.example"));
    }

    private static final String TEXT = read();
    private static final JsonNode DOCUMENT =
            new JsonMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(TEXT));

    /** What is asked, and the status that it gets. */
    record Request(String method, String path, String template, String body, int status) {}

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void document_isServedToEverybody() {
        Answer answer = SERVER.console("GET", API + "openapi.yaml").send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/yaml");
        assertThat(answer.body()).isEqualTo(TEXT);
        assertThat(DOCUMENT.path("openapi").asString()).startsWith("3.1.");
    }

    @Test
    void routes_areThoseOfTheDocument() {
        Set<String> documented = operations().stream()
                .map(operation -> operation.replaceAll("\\{[a-z_]+}", "*"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(SERVER.patron().console().routes().all().stream().filter(route -> route.contains(" " + API)))
                .containsExactlyElementsOf(documented);
    }

    /** Every operation, asked for by nobody. */
    static Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        DOCUMENT.path("paths").properties().forEach(path -> {
            if (path.getKey().startsWith(API)) {
                path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .forEach(operation ->
                                operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()));
            }
        });
        return operations;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_withoutAToken_isAnsweredAsItsSecuritySays(String operation) {
        String method = operation.substring(0, operation.indexOf(' '));
        String template = operation.substring(method.length() + 1);
        String path = template.replaceAll("\\{[a-z_]+}", "1");

        Answer answer = SERVER.console(method, path).send();

        boolean secured = operation(method, template).has("security");
        assertThat(answer.status()).isEqualTo(secured ? 401 : 200);
        assertDocumented(answer, method, template);
    }

    static List<Request> requests() {
        String app = API + "apps/{client_id}";
        String ownApp = API + "apps/" + TestServer.CLIENT_ID;
        String noApp = API + "apps/none";
        String scripts = API + "stores/{store_hash}/scripts";
        String ownScripts = API + "stores/" + TestServer.STORE + "/scripts";
        String script = "{\"name\":\"n\",\"place\":\"head\",\"contents\":\"<!-- -->\"}";
        String secrets = "/secrets";
        List<Request> requests = new ArrayList<>();
        requests.add(same("GET", API + "diagnostics", "", 200));
        requests.add(same("GET", API + "metrics", "", 200));
        requests.add(same("GET", API + "backup", "", 200));
        requests.add(same("GET", API + "apps", "", 200));
        requests.add(same("POST", API + "apps", "{\"name\":\"n\"}", 201));
        requests.add(same("POST", API + "apps", "{}", 422));
        requests.add(same("POST", API + "apps", "{", 400));
        requests.add(new Request("GET", ownApp, app, "", 200));
        requests.add(new Request("GET", noApp, app, "", 404));
        requests.add(new Request("PATCH", ownApp, app, "{\"description\":\"d\"}", 200));
        requests.add(new Request("PATCH", ownApp, app, "{}", 422));
        requests.add(new Request("DELETE", noApp, app, "", 404));
        requests.add(new Request("GET", ownApp + "/origins", app + "/origins", "", 200));
        requests.add(new Request("GET", noApp + "/origins", app + "/origins", "", 404));
        String decision = "{\"origin\":\"https://shop.example\",\"approved\":true}";
        requests.add(new Request("PATCH", ownApp + "/origins", app + "/origins", decision, 404));
        String atStore = API + "stores/{store_hash}/apps/{client_id}/origins";
        String ownAtStore = API + "stores/" + TestServer.STORE + "/apps/" + LISTING_APP + "/origins";
        requests.add(new Request("GET", ownAtStore, atStore, "", 200));
        requests.add(new Request("PATCH", ownAtStore, atStore, decision, 200));
        requests.add(new Request("PATCH", ownAtStore, atStore, "{}", 422));
        requests.add(new Request("PATCH", API + "apps/" + LISTING_APP + "/origins", app + "/origins", decision, 200));
        requests.add(new Request("GET", ownApp + "/activity", app + "/activity", "", 200));
        requests.add(new Request("GET", ownApp + "/activity?from=x", app + "/activity", "", 422));
        requests.add(new Request("GET", noApp + "/activity", app + "/activity", "", 404));
        requests.add(new Request("POST", ownApp + secrets, app + secrets, "{}", 201));
        requests.add(new Request("POST", ownApp + secrets, app + secrets, "{}", 409));
        requests.add(new Request(
                "PATCH", ownApp + secrets + "/9999", app + secrets + "/{secret_id}", "{\"signs_from\":\"now\"}", 404));
        requests.add(new Request("DELETE", ownApp + secrets + "/9999", app + secrets + "/{secret_id}", "", 404));
        requests.add(new Request(
                "POST",
                ownApp + "/verifications",
                app + "/verifications",
                "{\"fingerprint\":\"0000000000000000\"}",
                404));
        requests.add(same("POST", API + "tokens/inspect", "{\"token\":\"x\"}", 422));
        requests.add(same(
                "POST",
                API + "tokens/inspect",
                "{\"token\":\"x\",\"client_id\":\"" + TestServer.CLIENT_ID + "\"}",
                200));
        requests.add(same("GET", API + "stores", "", 200));
        requests.add(same(
                "POST",
                API + "stores",
                "{\"store_hash\":\"new12\",\"name\":\"New\",\"hosts\":[\"new.example\"]}",
                201));
        requests.add(same("POST", API + "stores", "{}", 422));
        String stores = API + "stores/{store_hash}";
        String own = API + "stores/" + TestServer.STORE;
        String customer = stores + "/customers/{customer_id}";
        String john = own + "/customers/" + TestServer.CUSTOMER_ID;
        requests.add(new Request("GET", own, stores, "", 200));
        requests.add(new Request("GET", API + "stores/none1", stores, "", 404));
        requests.add(new Request("PATCH", own, stores, "{\"name\":\"Renamed\"}", 200));
        requests.add(new Request("PATCH", own, stores, "{}", 422));
        requests.add(new Request("GET", own + "/customers", stores + "/customers", "", 200));
        requests.add(new Request("GET", own + "/customers?limit=0", stores + "/customers", "", 422));
        requests.add(new Request(
                "POST",
                own + "/customers",
                stores + "/customers",
                "{\"email\":\"new@example.com\",\"first_name\":\"N\",\"last_name\":\"W\"}",
                201));
        requests.add(new Request(
                "POST",
                own + "/customers",
                stores + "/customers",
                "{\"email\":\"new@example.com\",\"first_name\":\"N\",\"last_name\":\"W\"}",
                409));
        requests.add(new Request("POST", own + "/customers", stores + "/customers", "{}", 422));
        requests.add(new Request("GET", john, customer, "", 200));
        requests.add(new Request("PATCH", john, customer, "{\"group_id\":7}", 200));
        requests.add(new Request("PATCH", john, customer, "{}", 422));
        requests.add(new Request("POST", john + "/password-links", customer + "/password-links", "", 201));
        requests.add(new Request("DELETE", john + "/sessions", customer + "/sessions", "", 204));
        requests.add(new Request("DELETE", own + "/customers/999999", customer, "", 404));
        requests.add(new Request("GET", own + "/sessions", stores + "/sessions", "", 200));
        requests.add(new Request("DELETE", own + "/sessions/1", stores + "/sessions/{session_key}", "", 404));
        requests.add(new Request("GET", own + "/disclosures", stores + "/disclosures", "", 200));
        requests.add(new Request("GET", own + "/disclosures?from=x", stores + "/disclosures", "", 422));
        requests.add(new Request(
                "PATCH",
                own + "/apps/" + TestServer.CLIENT_ID,
                stores + "/apps/{client_id}",
                "{\"allowed\":true}",
                200));
        requests.add(new Request("PATCH", own + "/apps/none", stores + "/apps/{client_id}", "{\"allowed\":true}", 404));
        String members = API + "members";
        requests.add(same("GET", members, "", 200));
        requests.add(same("POST", members + "/invitations", "{\"role\":\"developer\"}", 201));
        requests.add(same("POST", members + "/invitations", "{\"role\":\"staff\"}", 422));
        requests.add(new Request("PATCH", members + "/999", members + "/{member_id}", "{\"disabled\":true}", 404));
        requests.add(
                new Request("POST", members + "/999/password-links", members + "/{member_id}/password-links", "", 404));
        requests.add(new Request("GET", ownScripts, scripts, "", 200));
        requests.add(new Request("POST", ownScripts, scripts, script, 201));
        requests.add(new Request("POST", ownScripts, scripts, "{}", 422));
        requests.add(new Request("GET", ownScripts + "/1", scripts + "/{script_id}", "", 200));
        requests.add(new Request("PATCH", ownScripts + "/1", scripts + "/{script_id}", "{\"order\":1}", 200));
        requests.add(new Request("DELETE", ownScripts + "/1", scripts + "/{script_id}", "", 204));
        requests.add(new Request("GET", ownScripts + "/1", scripts + "/{script_id}", "", 404));
        return requests;
    }

    /** In one test, since later ones rely on earlier ones. */
    @Test
    void requests_areAnsweredWithDocumentedStatusesAndShapes() {
        for (Request request : requests()) {
            Call call = SERVER.operator(request.method(), request.path());
            Answer answer = (request.body().isEmpty() ? call : call.body("application/json", request.body())).send();

            assertThat(answer.status()).as(request + " " + answer.body()).isEqualTo(request.status());
            assertDocumented(answer, request.method(), request.template());
        }
    }

    private static Request same(String method, String path, String body, int status) {
        return new Request(method, path, path, body, status);
    }

    private static JsonNode operation(String method, String template) {
        return DOCUMENT.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
    }

    private static void assertDocumented(Answer answer, String method, String template) {
        JsonNode responses = operation(method, template).path("responses");
        String where = method + " " + template + " " + answer.status();
        assertThat(responses.has(Integer.toString(answer.status()))).as(where).isTrue();
        JsonNode content =
                resolve(responses.path(Integer.toString(answer.status()))).path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).as(where).isEmpty();
            return;
        }
        String type = answer.header("Content-Type").orElse("");
        assertThat(content.has(type)).as(where + " " + type).isTrue();
        if (type.endsWith("json")) {
            List<String> faults = new ArrayList<>();
            check(where, answer.json(), content.path(type).path("schema"), faults);
            assertThat(faults).isEmpty();
        }
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref")
                ? resolve(DOCUMENT.at(node.path("$ref").asString().substring(1)))
                : node;
    }

    /** As much of JSON Schema as the document needs. Members that it does not name are faults: they are undocumented. */
    private static void check(String where, JsonNode value, JsonNode schemaOrReference, List<String> faults) {
        JsonNode schema = resolve(schemaOrReference);
        if (schema.has("anyOf")) {
            boolean any = false;
            for (JsonNode one : schema.path("anyOf")) {
                List<String> found = new ArrayList<>();
                check(where, value, one, found);
                any |= found.isEmpty();
            }
            if (!any) {
                faults.add(where + ": none of anyOf");
            }
        }
        if (schema.has("enum") && !schema.path("enum").valueStream().toList().contains(value)) {
            faults.add(where + ": " + value + " is not one of " + schema.path("enum"));
        }
        if (schema.has("type") && !hasType(value, schema.path("type"))) {
            faults.add(where + ": " + value + " is not " + schema.path("type"));
        }
        if (schema.has("pattern")
                && !value.asString().matches(schema.path("pattern").asString())) {
            faults.add(where + ": does not match " + schema.path("pattern"));
        }
        if (value.isArray() && schema.has("items")) {
            value.valueStream().forEach(item -> check(where + "[]", item, schema.path("items"), faults));
        }
        if (value.isObject() && !schema.has("anyOf")) {
            Map<String, JsonNode> known = new java.util.TreeMap<>();
            collect(schema, known, value, where, faults);
            value.properties().forEach(member -> {
                JsonNode of = known.get(member.getKey());
                if (of == null) {
                    faults.add(where + "." + member.getKey() + " is not documented");
                } else {
                    check(where + "." + member.getKey(), member.getValue(), of, faults);
                }
            });
        }
    }

    private static void collect(
            JsonNode reference, Map<String, JsonNode> known, JsonNode value, String where, List<String> faults) {
        JsonNode schema = resolve(reference);
        schema.path("allOf").valueStream().forEach(part -> collect(part, known, value, where, faults));
        schema.path("properties").properties().forEach(member -> known.put(member.getKey(), member.getValue()));
        schema.path("required").valueStream().map(JsonNode::asString).forEach(name -> {
            if (!value.has(name)) {
                faults.add(where + "." + name + " is missing");
            }
        });
    }

    private static boolean hasType(JsonNode value, JsonNode type) {
        if (type.isArray()) {
            return type.valueStream().anyMatch(one -> hasType(value, one));
        }
        return switch (type.asString()) {
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            case "null" -> value.isNull();
            default -> throw new AssertionError("The test does not know the type " + type);
        };
    }

    private static String read() {
        try {
            return Files.readString(Path.of("../../docs/openapi.yaml"));
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
