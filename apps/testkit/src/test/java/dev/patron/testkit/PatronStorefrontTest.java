package dev.patron.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.patron.token.CurrentCustomerVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The store's answers, which are those of Patron's server. */
class PatronStorefrontTest {

    private static final TestApp OTHER_APP = TestApp.random();

    // tag::extension[]
    @RegisterExtension
    static final PatronStorefront STORE = PatronStorefront.builder()
            .customer(TestCustomer.DEFAULT)
            .app(new TestApp("6sv16tfx3j5gsopm42ss5dd67g2srvq", "0123456789abcdef".repeat(4)))
            .app(OTHER_APP)
            .allowOrigin("https://shop.example")
            .build();
    // end::extension[]

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void mend() {
        STORE.clearFaults();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String cookie) {
        return HttpRequest.newBuilder(STORE.endpoint()).header("Cookie", cookie);
    }

    private static URI endpoint(String query) {
        return STORE.url().resolve("/customer/current.jwt" + query);
    }

    @Test
    void signedIn_getsAToken_thatIsAccepted() throws Exception {
        String cookie = STORE.signIn(TestCustomer.DEFAULT);
        HttpResponse<String> answer = send(request(cookie));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store, private");
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(
                        STORE.app().clientId(), STORE.app().clientSecret())
                .expectStore(STORE.storeHash())
                .clock(STORE.clock())
                .build();
        assertThat(verifier.verify(answer.body()).id()).isEqualTo(4927);

        HttpResponse<String> json = send(request(cookie).header("Accept", "application/json, text/plain, */*"));
        assertThat(json.body()).isEqualTo("{\"token\":\"" + answer.body() + "\"}");

        STORE.signOut(cookie);
        assertThat(send(request(cookie)).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400, missing_client_id",
        "?app_client_id=, 400, missing_client_id",
        "?app_client_id=short, 400, malformed_client_id",
        "?app_client_id=6sv16tfx3j5gsopm42ss5dd67g2srvq&app_client_id=6sv16tfx3j5gsopm42ss5dd67g2srvq, 400, malformed_client_id",
        "?app_client_id=unknownunknownunknownunknown1, 403, unknown_app",
    })
    void badRequests_haveTheServersIds(String query, int status, String id) throws Exception {
        String cookie = STORE.signIn(TestCustomer.DEFAULT);
        assertThat(send(request(cookie)).statusCode()).isEqualTo(200);

        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(endpoint(query)).header("Cookie", cookie));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("{\"errors\":[{", "\"id\":\"" + id + "\"");
    }

    @Test
    void nobodySignedIn_otherMethods_otherSites() throws Exception {
        assertThat(send(HttpRequest.newBuilder(STORE.endpoint())).body()).contains("not_signed_in");
        String cookie = STORE.signIn(TestCustomer.DEFAULT);
        HttpResponse<String> put = send(request(cookie).PUT(BodyPublishers.noBody()));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("Allow")).contains("GET, HEAD, POST");
        assertThat(send(request(cookie).POST(BodyPublishers.noBody())).statusCode())
                .isEqualTo(200);
        assertThat(send(request(cookie).header("Sec-Fetch-Site", "cross-site")).body())
                .contains("cross_site");
        assertThat(send(request(cookie).header("Origin", "https://evil.example"))
                        .body())
                .contains("cross_site");
        HttpResponse<String> allowed = send(request(cookie).header("Origin", "https://shop.example"));
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains("https://shop.example");
        URI unknownApp = endpoint("?app_client_id=unknownunknownunknownunknown1");
        assertThat(send(HttpRequest.newBuilder(unknownApp).header("Origin", "https://shop.example"))
                        .body())
                .contains("cross_site");
    }

    @Test
    void form_signsIn() throws Exception {
        String form = "login_email=john.doe%40gmail.com&login_pass=";
        HttpRequest.Builder login = HttpRequest.newBuilder(STORE.url().resolve("/login.php?action=check_login"));
        assertThat(send(login.POST(BodyPublishers.ofString(form + "wrong")))
                        .headers()
                        .firstValue("Set-Cookie"))
                .isEmpty();
        HttpResponse<String> signedIn = send(login.POST(BodyPublishers.ofString(form + PatronStorefront.PASSWORD)));
        String cookie =
                signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        assertThat(send(request(cookie)).statusCode()).isEqualTo(200);
    }

    @Test
    void faults_happenAsOftenAsAsked() throws Exception {
        String cookie = STORE.signIn(TestCustomer.DEFAULT);
        STORE.fail(Fault.rateLimited(7), 1);
        STORE.fail(Fault.unavailable(), 1);
        STORE.fail(Fault.wrongContentType(), 1);
        STORE.fail(Fault.cutConnection(), 2);

        HttpResponse<String> limited = send(request(cookie));
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).contains("7");
        assertThat(send(request(cookie)).body()).contains("unavailable");
        HttpResponse<String> page = send(request(cookie));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        // A client may try a second time by itself.
        assertThatIOException().isThrownBy(() -> send(request(cookie).POST(BodyPublishers.ofString("x"))));
        STORE.clearFaults();
        assertThat(send(request(cookie)).statusCode()).isEqualTo(200);
    }

    @Test
    void delay_lastsUntilItIsReleased() throws Exception {
        String cookie = STORE.signIn(TestCustomer.DEFAULT);
        Fault delay = Fault.delay();
        STORE.fail(delay, 1);
        CompletableFuture<HttpResponse<String>> held =
                client.sendAsync(request(cookie).build(), BodyHandlers.ofString());
        assertThat(held).isNotDone();
        delay.release();
        assertThat(held.get().statusCode()).isEqualTo(200);
    }
}
