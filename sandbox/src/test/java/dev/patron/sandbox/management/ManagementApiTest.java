package dev.patron.sandbox.management;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.CUSTOMER_ID;
import static dev.patron.server.TestServer.EMAIL;
import static dev.patron.server.TestServer.OTHER_STORE;
import static dev.patron.server.TestServer.PASSWORD;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.installation.InstallationModule;
import dev.patron.sandbox.order.Orders;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.script.PageKind;
import dev.patron.token.JwsAlgorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The management API, call by call, against {@code contract.md} section 4. */
class ManagementApiTest {

    private static final String SECOND_APP = "managementtestsecondapp00000001";
    private static final Map<String, Grant> GRANTS = Map.of(
            "everything",
                    new Grant(
                            STORE,
                            CLIENT_ID,
                            Set.of(
                                    "store_v2_orders",
                                    "store_v2_products",
                                    "store_v2_customers",
                                    "store_v2_information",
                                    "store_v2_content")),
            "second", new Grant(STORE, SECOND_APP, Set.of("store_v2_content", "store_v2_products_read_only")),
            "other-store",
                    new Grant(
                            OTHER_STORE,
                            CLIENT_ID,
                            Set.of("store_v2_orders", "store_v2_products", "store_v2_customers", "store_v2_content")),
            "orders", new Grant(STORE, CLIENT_ID, Set.of("store_v2_orders_read_only")),
            "products", new Grant(STORE, CLIENT_ID, Set.of("store_v2_products_read_only")),
            "customers", new Grant(STORE, CLIENT_ID, Set.of("store_v2_customers_read_only")),
            "information", new Grant(STORE, CLIENT_ID, Set.of("store_v2_information_read_only")),
            "content", new Grant(STORE, CLIENT_ID, Set.of("store_v2_content_read_only")),
            "nothing", new Grant(STORE, CLIENT_ID, Set.of()));

    private static final TestServer SERVER = TestServer.start(patron -> {
        InstallationModule.addTo(patron).close();
        Catalogue catalogue = new Catalogue();
        new ManagementApi(
                        patron,
                        token -> Optional.ofNullable(GRANTS.get(token)),
                        STORE,
                        catalogue,
                        new Orders(catalogue))
                .addTo(patron.console().routes());
    });

    static {
        SERVER.addApp(SECOND_APP, JwsAlgorithm.HS256, Set.of(), Set.of());
    }

    @RegisterExtension
    private final LogSecrecy log = new LogSecrecy();

    @BeforeEach
    void haveAWholeQuota() {
        SERVER.clock().advance(ManagementApi.WINDOW);
        log.watch("everything");
        log.watch(EMAIL);
        log.watch(PASSWORD);
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void time_isTheServers_inSeconds() {
        assertThat(get("/v2/time").body())
                .isEqualTo("{\"time\":" + SERVER.clock().instant().getEpochSecond() + "}");
    }

    @Test
    void store_tellsWhereItIs() {
        JsonNode store = get("/v2/store").json();

        assertThat(store.path("id").asString()).isEqualTo(STORE);
        assertThat(store.path("secure_url").asString()).endsWith("localhost:" + SERVER.port());
    }

    @Test
    void orders_ofACustomer_haveThePlatformsShape() {
        JsonNode orders = get("/v2/orders?customer_id=4927&sort=date_created:desc&limit=3")
                .json();

        assertThat(orders.size()).isEqualTo(3);
        JsonNode newest = orders.path(0);
        assertThat(newest.path("customer_id").asLong()).isEqualTo(4927);
        assertThat(newest.path("date_created").asString()).isEqualTo("Sun, 01 Nov 2026 17:45:00 +0000");
        assertThat(newest.path("status_id").asInt()).isEqualTo(11);
        assertThat(newest.path("status").asString()).isEqualTo("Awaiting Fulfillment");
        assertThat(newest.path("date_shipped").asString()).isEmpty();
        assertThat(newest.path("total_inc_tax").asString()).isEqualTo("55.0000");
        assertThat(newest.path("currency_code").asString()).isEqualTo("USD");
        long id = newest.path("id").asLong();
        assertThat(newest.path("products").path("resource").asString()).isEqualTo("/orders/" + id + "/products");
        assertThat(newest.path("products").path("url").asString())
                .isEqualTo("http://localhost:" + SERVER.consolePort() + "/stores/abc123/v2/orders/" + id + "/products");
        assertThat(get("/v2/orders/" + id).json()).isEqualTo(newest);

        JsonNode lines = get("/v2/orders/" + id + "/products").json();
        assertThat(lines.size()).isEqualTo(2);
        assertThat(lines.path(0).path("product_id").asInt()).isEqualTo(201);
        assertThat(lines.path(0).path("price_inc_tax").asString()).isEqualTo("22.0000");
        assertThat(lines.path(1).path("product_id").asInt()).isEqualTo(901);
        assertThat(orders.path(1).path("currency_code").asString()).isEqualTo("EUR");
    }

    @Test
    void orders_filtersAndPages() {
        assertThat(get("/v2/orders").json().size()).isEqualTo(50);
        assertThat(get("/v2/orders?limit=250").json().size()).isEqualTo(250);
        assertThat(get("/v2/orders?limit=250&page=2").json().size()).isEqualTo(43);
        assertThat(get("/v2/orders?min_id=390&limit=250").json().size()).isEqualTo(3);
        assertThat(get("/v2/orders?max_id=101").json().size()).isEqualTo(2);
        assertThat(get("/v2/orders?email=" + EMAIL + "&limit=250").json().size())
                .isEqualTo(29);
        assertThat(get("/v2/orders?min_date_created=2026-11-01T00:00:00Z")
                        .json()
                        .size())
                .isEqualTo(1);
        assertThat(get("/v2/orders?min_date_created=Sun,%2001%20Nov%202026%2000:00:00%20%2B0000")
                        .json()
                        .size())
                .isEqualTo(1);
        for (JsonNode cancelled : get("/v2/orders?status_id=5").json()) {
            assertThat(cancelled.path("status").asString()).isEqualTo("Cancelled");
        }
        assertThat(get("/v2/orders/count?customer_id=4927").json().path("count").asInt())
                .isEqualTo(29);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/orders?customer_id=4929",
        "/v2/orders?page=9",
        "/v2/customers?email=nobody@example.com",
        "/v2/products?name=nothing",
    })
    void v2_emptyList_isNoContent(String path) {
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void products_haveBothShapes() {
        JsonNode old = get("/v2/products/201").json();
        assertThat(old.path("name").asString()).isEqualTo("Stoneware mug");
        assertThat(old.path("custom_url").asString()).isEqualTo("/table/stoneware-mug/");
        assertThat(old.path("calculated_price").asString()).isEqualTo("22.0000");
        assertThat(old.path("primary_image").path("thumbnail_url").asString())
                .isEqualTo("http://localhost:" + SERVER.port() + "/images/stoneware-mug.svg");
        JsonNode product =
                get("/v3/catalog/products/201?include=primary_image").json().path("data");
        assertThat(product.path("price").asDouble()).isEqualTo(22.0);
        assertThat(product.path("custom_url").path("url").asString()).isEqualTo("/table/stoneware-mug/");
        assertThat(product.path("primary_image").path("url_thumbnail").asString())
                .isEqualTo(old.path("primary_image").path("thumbnail_url").asString());
        assertThat(get("/v3/catalog/products?include_fields=name&id:in=201,102").json())
                .isEqualTo(json("""
                        {"data":[{"id":102,"name":"Enamel kettle"},{"id":201,"name":"Stoneware mug"}],"meta":{"pagination":
                        {"total":2,"count":2,"per_page":50,"current_page":1,"total_pages":1,"links":
                        {"current":"?id%3Ain=201%2C102&include_fields=name&page=1&limit=50"}}}}""".replace("id%3Ain", "id:in")));
        JsonNode summary = get("/v3/catalog/summary").json().path("data");
        assertThat(summary.path("variant_count").asInt()).isEqualTo(240);
        assertThat(summary.path("lowest_variant_price").asDouble()).isEqualTo(9.0);
    }

    @Test
    void v3_links_walkOverAllPages() {
        List<Integer> ids = new ArrayList<>();
        String path = "?limit=100&sort=price&direction=desc";
        while (!path.isEmpty()) {
            JsonNode part = get("/v3/catalog/products" + path).json();
            part.path("data").forEach(product -> ids.add(product.path("id").asInt()));
            path = part.path("meta")
                    .path("pagination")
                    .path("links")
                    .path("next")
                    .asString("");
        }

        assertThat(ids).hasSize(240).doesNotHaveDuplicates();
        assertThat(get("/v3/catalog/products?id:in=7").json().path("data").size())
                .isZero();
    }

    @Test
    void customers_areThoseOfTheStore() {
        JsonNode one = get("/v2/customers/4927").json();
        assertThat(one.path("email").asString()).isEqualTo(EMAIL);
        assertThat(one.path("customer_group_id").asInt()).isEqualTo(6);
        assertThat(get("/v2/customers?email=" + EMAIL).json().path(0)).isEqualTo(one);
        JsonNode found = get("/v3/customers?id:in=4927").json();
        assertThat(found.path("data").path(0).path("email").asString()).isEqualTo(EMAIL);
        assertThat(found.path("meta").path("pagination").path("total").asInt()).isEqualTo(1);
        assertThat(get("/v3/customers?email:in=" + EMAIL).json().path("data").size())
                .isEqualTo(1);
        assertThat(get("/v3/customers?id:in=1").json().path("data").size()).isZero();
    }

    @Test
    void passwords_areChecked_notTold() {
        assertThat(post("/v2/customers/" + CUSTOMER_ID + "/validate", "{\"password\":\"" + PASSWORD + "\"}")
                        .body())
                .isEqualTo("{\"success\":true}");
        assertThat(post("/v2/customers/" + CUSTOMER_ID + "/validate", "{\"password\":\"wrong\"}")
                        .body())
                .isEqualTo("{\"success\":false}");
        String right = "{\"email\":\"" + EMAIL + "\",\"password\":\"" + PASSWORD + "\",\"channel_id\":1}";
        assertThat(post("/v3/customers/validate-credentials", right).body())
                .isEqualTo("{\"is_valid\":true,\"customer_id\":4927}");
        assertThat(post("/v3/customers/validate-credentials", right.replace(PASSWORD, "wrong"))
                        .body())
                .isEqualTo("{\"is_valid\":false,\"customer_id\":null}");
        assertThat(post("/v3/customers/validate-credentials", "{}")
                        .json()
                        .path("errors")
                        .path("email")
                        .asString())
                .isEqualTo("It is required, as a string.");
    }

    @Test
    void passwords_cannotBeGuessedWithoutEnd() {
        String email = "guessed@example.com";
        SERVER.addCustomer(STORE, email, "Gus", "Essed");
        String wrong = "{\"email\":\"" + email + "\",\"password\":\"wrong\"}";
        Answer answer = post("/v3/customers/validate-credentials", wrong);
        assertThat(answer.status()).isEqualTo(200);
        for (int attempt = 0; answer.status() == 200 && attempt < 100; attempt++) {
            answer = post("/v3/customers/validate-credentials", wrong);
        }

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("X-Retry-After")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/time, information",
        "GET, /v2/store, information",
        "GET, /v2/orders, orders",
        "GET, /v2/orders/100, orders",
        "GET, /v2/orders/count, orders",
        "GET, /v2/orders/100/products, orders",
        "GET, /v2/products, products",
        "GET, /v2/products/201, products",
        "GET, /v3/catalog/products, products",
        "GET, /v3/catalog/products/201, products",
        "GET, /v3/catalog/summary, products",
        "GET, /v2/customers, customers",
        "GET, /v2/customers/4927, customers",
        "GET, /v3/customers, customers",
        "GET, /v3/content/scripts, content",
    })
    void scopes_letInToTheirOwn(String method, String path, String scope) {
        for (String token : List.of("information", "orders", "products", "customers", "content", "nothing")) {
            SERVER.clock().advance(ManagementApi.WINDOW);
            assertThat(send(method, path, token).status()).as(token).isEqualTo(token.equals(scope) ? 200 : 403);
        }
        assertThat(send(method, path, "everything").status()).isEqualTo(200);
        assertThat(send(method, path, "unknown").status()).isEqualTo(401);
        assertThat(SERVER.console(method, "/stores/" + STORE + path).send().status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/orders/1, 404, 0",
        "/v2/orders/x, 404, 0",
        "/v2/orders?customer_id=x, 400, 0",
        "/v2/orders?sort=colour, 400, 0",
        "/v2/orders?limit=0, 400, 0",
        "/v2/orders?limit=251, 413, 0",
        "/v2/products/901, 404, 0",
        "/v2/customers/1, 404, 0",
        "/v3/catalog/products/901, 404, 1",
        "/v3/catalog/products?id:in=x, 422, 1",
        "/v3/catalog/products?limit=251, 422, 1",
        "/v3/catalog/products?sort=colour, 422, 1",
        "/v3/content/scripts/x, 404, 1",
    })
    void errors_haveTheShapeOfTheirVersion(String path, int status, int version) {
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(status);
        JsonNode error = version == 0 ? answer.json().path(0) : answer.json();
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path(version == 0 ? "message" : "title").asString()).isNotEmpty();
        assertThat(answer.json().isArray()).isEqualTo(version == 0);
        assertThat(answer.json().has("type")).isEqualTo(version == 1);
    }

    @Test
    void otherStores_areOutOfReach() {
        assertThat(send("GET", "/v2/orders", "other-store").status()).isEqualTo(401);
        Call own =
                SERVER.console("GET", "/stores/" + OTHER_STORE + "/v2/products").with("X-Auth-Token", "other-store");
        assertThat(own.send().status()).isEqualTo(204);
        assertThat(own.target("/stores/" + OTHER_STORE + "/v2/products/201")
                        .send()
                        .status())
                .isEqualTo(404);
        assertThat(own.target("/stores/" + OTHER_STORE + "/v2/orders?customer_id=4927")
                        .send()
                        .status())
                .isEqualTo(204);
        assertThat(own.target("/stores/" + OTHER_STORE + "/v3/customers?id:in=4928")
                        .send()
                        .json()
                        .path("data")
                        .size())
                .isZero();
        assertThat(own.target("/stores/nowhere/v2/products").send().status()).isEqualTo(401);
    }

    @Test
    void acceptAndContentType_areLookedAt() {
        Call call = call("GET", "/v2/time", "everything");
        assertThat(call.with("Accept", "application/json").send().status()).isEqualTo(200);
        assertThat(call.without("Accept").with("Accept", "text/html").send().status())
                .isEqualTo(406);
        Call post = call("POST", "/v3/customers/validate-credentials", "everything");
        assertThat(post.body("text/plain", "{}").send().status()).isEqualTo(415);
        assertThat(post("/v3/customers/validate-credentials", "{").status()).isEqualTo(400);
        assertThat(call("DELETE", "/v2/time", "everything").send().status()).isEqualTo(405);
    }

    @Test
    void tooManyRequests_areToldWhenToComeAgain() {
        Answer answer = get("/v2/time");
        assertThat(answer.header("X-Rate-Limit-Requests-Quota")).contains("150");
        assertThat(answer.header("X-Rate-Limit-Requests-Left")).contains("149");
        assertThat(answer.header("X-Rate-Limit-Time-Window-Ms")).contains("30000");
        assertThat(answer.header("X-Rate-Limit-Time-Reset-Ms")).contains("30000");
        for (int i = 1; i < ManagementApi.QUOTA; i++) {
            answer = get("/v2/time");
        }
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Rate-Limit-Requests-Left")).contains("0");

        Answer tooMany = get("/v2/time");
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.header("X-Retry-After")).contains("30");
        assertThat(send("GET", "/v2/products", "second").status()).isEqualTo(200);

        SERVER.clock().advance(ManagementApi.WINDOW);
        assertThat(get("/v2/time").status()).isEqualTo(200);
    }

    @Test
    void answers_areCompressedByGzip_neverByDeflate() throws IOException, InterruptedException {
        assertThat(encoding("gzip, deflate")).isEqualTo("gzip");
        assertThat(encoding("deflate")).isEmpty();
        assertThat(encoding("gzip;q=0, deflate")).isEmpty();
        assertThat(encoding("gzip;q=0.5")).isEqualTo("gzip");
        HttpResponse<byte[]> answer = raw("gzip");
        String text = new String(
                new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).isEqualTo(get("/v2/products/201").body());
        assertThat(answer.headers().firstValue("Vary")).contains("Accept-Encoding");
    }

    @Test
    void scripts_areAddedChangedAndRemoved_eachAppItsOwn() {
        String script = "{\"name\":\"Hello\",\"kind\":\"script_tag\",\"html\":\"<script>hello()</script>\","
                + "\"location\":\"footer\"}";
        JsonNode made = post("/v3/content/scripts", script).json().path("data");
        String path = "/v3/content/scripts/" + made.path("uuid").asString();
        assertThat(made.path("api_client_id").asString()).isEqualTo(CLIENT_ID);
        assertThat(onFrontPage()).containsExactly("<script>hello()</script>");
        assertThat(get(path).json().path("data")).isEqualTo(made);
        assertThat(get("/v3/content/scripts").json().path("data").size()).isEqualTo(1);

        assertThat(send("GET", path, "second").status()).isEqualTo(404);
        assertThat(send("DELETE", path, "second").status()).isEqualTo(404);
        assertThat(send("GET", "/v3/content/scripts", "second")
                        .json()
                        .path("data")
                        .size())
                .isZero();

        Call change = call("PUT", path, "everything")
                .body(
                        "application/json",
                        "{\"kind\":\"src\",\"src\":\"https://app.example/a.js?a=1&b=2\","
                                + "\"load_method\":\"defer\",\"integrity_hashes\":[\"sha384-abc\"]}");
        assertThat(change.send().status()).isEqualTo(200);
        assertThat(onFrontPage())
                .containsExactly("<script src=\"https://app.example/a.js?a=1&amp;b=2\" defer"
                        + " integrity=\"sha384-abc\" crossorigin=\"anonymous\"></script>");
        assertThat(send("DELETE", path, "everything").status()).isEqualTo(204);
        assertThat(send("GET", path, "everything").status()).isEqualTo(404);
        assertThat(onFrontPage()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | \"\"",
                "kind | \"iframe\"",
                "html | \"\"",
                "location | \"middle\"",
                "load_method | \"later\"",
                "visibility | \"checkout\"",
                "enabled | \"yes\"",
                "channel_id | 2",
                "integrity_hashes | [\"md5-x\"]",
                "colour | \"red\"",
            })
    void scripts_badField_isNamed(String field, String value) {
        String good = "{\"name\":\"n\",\"kind\":\"script_tag\",\"html\":\"<b>b</b>\"}";
        JsonNode made = post("/v3/content/scripts", good).json().path("data");
        String path = "/v3/content/scripts/" + made.path("uuid").asString();

        Answer answer = call("PUT", path, "everything")
                .body("application/json", "{\"" + field + "\":" + value + "}")
                .send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("errors").has(field)).isTrue();
        assertThat(get(path).json().path("data")).isEqualTo(made);
        assertThat(send("DELETE", path, "everything").status()).isEqualTo(204);
    }

    @Test
    void scripts_areTenForAnApp() {
        String script = "{\"name\":\"n\",\"kind\":\"script_tag\",\"html\":\"<b>b</b>\"}";
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            made.add(post("/v3/content/scripts", script)
                    .json()
                    .path("data")
                    .path("uuid")
                    .asString());
        }
        Answer eleventh = post("/v3/content/scripts", script);

        assertThat(eleventh.status()).isEqualTo(422);
        assertThat(eleventh.json().path("errors").path("scripts").asString()).contains("at most 10");
        assertThat(onFrontPage()).hasSize(10);
        made.forEach(uuid -> send("DELETE", "/v3/content/scripts/" + uuid, "everything"));
    }

    private static List<String> onFrontPage() {
        var shown = SERVER.patron().services().scripts.on(STORE, PageKind.FRONT);
        List<String> all = new ArrayList<>(shown.head());
        all.addAll(shown.footer());
        return all;
    }

    private static String encoding(String accepted) throws IOException, InterruptedException {
        return raw(accepted).headers().firstValue("Content-Encoding").orElse("");
    }

    private static HttpResponse<byte[]> raw(String accepted) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + SERVER.consolePort() + "/stores/" + STORE
                                    + "/v2/products/201"))
                            .header("X-Auth-Token", "everything")
                            .header("Accept-Encoding", accepted)
                            .build(),
                    BodyHandlers.ofByteArray());
        }
    }

    private static JsonNode json(String text) {
        return new Answer(200, List.of(), text).json();
    }

    private static Answer get(String path) {
        return send("GET", path, "everything");
    }

    private static Answer post(String path, String body) {
        return call("POST", path, "everything").body("application/json", body).send();
    }

    private static Answer send(String method, String path, String token) {
        return call(method, path, token).send();
    }

    private static Call call(String method, String path, String token) {
        return SERVER.console(method, "/stores/" + STORE + path).with("X-Auth-Token", token);
    }
}
