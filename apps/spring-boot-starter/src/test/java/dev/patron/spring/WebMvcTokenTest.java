package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Controllers of Spring MVC, in a slice. */
@WebMvcTest(controllers = WebMvcTokenTest.Points.class)
@Import(WebMvcTokenTest.Points.class)
@TestPropertySource(
        properties = {
            "patron.client-id=" + TestTokens.CLIENT_ID,
            "patron.client-secrets=" + TestTokens.CLIENT_SECRET,
            "patron.stores=" + TestTokens.STORE,
            "patron.allowed-origins=https://shop.example",
            "patron.session.enabled=true",
            "patron.replay.mode=memory"
        })
class WebMvcTokenTest {

    @Configuration
    static class App {
        @Bean
        TestTokens.Clock clock() {
            return new TestTokens.Clock();
        }
    }

    // tag::controller[]
    @RestController
    static class Points {

        private final CustomerSessions sessions;

        Points(CustomerSessions sessions) {
            this.sessions = sessions;
        }

        @PostMapping("/points")
        String points(CurrentCustomer customer) {
            return "120 points for " + CustomerKey.of(customer);
        }

        @GetMapping("/greeting")
        String greeting(Optional<CurrentCustomer> customer) {
            return customer.isPresent() ? "Welcome back" : "Hello";
        }

        @PostMapping("/session")
        String session(CurrentCustomer customer) {
            return sessions.begin(customer).id();
        }
        // end::controller[]

        @PostMapping("/annotated")
        String annotated(@dev.patron.spring.CurrentCustomer CurrentCustomer customer, CurrentCustomer again) {
            return customer.equals(again) ? "once" : "twice";
        }

        @PostMapping("/mistake")
        String mistake(@dev.patron.spring.CurrentCustomer String customer) {
            return customer;
        }
    }

    @Autowired
    private MockMvcTester app;

    @Autowired
    private InstantSource clock;

    @BeforeEach
    void setTheClock() {
        ((TestTokens.Clock) clock).set(TestTokens.NOW);
    }

    private MvcTestResult post(String path, String token) {
        return app.post().uri(path).header("Authorization", "Bearer " + token).exchange();
    }

    @Test
    void controller_isGivenTheCustomer() {
        assertThat(post("/points", TestTokens.withJwtId("a")))
                .hasStatusOk()
                .hasBodyTextEqualTo("120 points for abc123/4927");
        assertThat(post("/annotated", TestTokens.withJwtId("b"))).hasStatusOk().hasBodyTextEqualTo("once");
    }

    @Test
    void annotationOnAnotherType_isToldAsAMistake() {
        assertThat(post("/mistake", TestTokens.withJwtId("c")))
                .hasFailed()
                .failure()
                .hasMessageContaining("it belongs on dev.patron.token.CurrentCustomer");
    }

    @Test
    void optional_isEmptyWithoutAToken_andNeverWithABadOne() {
        assertThat(app.get().uri("/greeting")).hasStatusOk().hasBodyTextEqualTo("Hello");
        assertThat(app.get().uri("/greeting").header("Authorization", "Bearer " + TestTokens.withJwtId("d")))
                .hasStatusOk()
                .hasBodyTextEqualTo("Welcome back");
        assertThat(app.get().uri("/greeting").header("Authorization", "Bearer " + TestTokens.forged()))
                .hasStatus(401);
    }

    @Test
    void form_mayHaveTheToken() {
        assertThat(app.post()
                        .uri("/points")
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .param("token", TestTokens.withJwtId("e")))
                .hasStatusOk();
    }

    @Test
    void nothingPresented_isAskedForAToken() {
        MvcTestResult answer = app.post().uri("/points").exchange();

        assertProblem(answer, 401, "no_token");
        assertThat(answer).headers().hasValue("WWW-Authenticate", "Bearer");
    }

    @ParameterizedTest
    @CsvSource({
        "forged, bad_signature, The token is not accepted by this app.",
        "other-store, wrong_store, The token is not accepted by this app.",
        "old, too_old, The token is too old: ask the store for a fresh one.",
        "rubbish.x.y, malformed, The token is not accepted by this app.",
    })
    void badToken_isRefusedWithItsReason(String kind, String id, String detail) {
        String token = switch (kind) {
            case "forged" -> TestTokens.forged();
            case "other-store" -> TestTokens.ofStore("other1");
            case "old" -> TestTokens.issued(Duration.ofSeconds(36));
            default -> kind;
        };

        MvcTestResult answer = post("/points", token);

        assertProblem(answer, 401, id);
        assertThat(answer).bodyJson().extractingPath("$.detail").isEqualTo(detail);
        assertThat(answer).headers().hasValue("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        assertThat(answer).headers().hasValue("Cache-Control", "no-store");
    }

    @Test
    void tokenInTheAddress_isRefused_evenWhenItIsGood() {
        String token = TestTokens.withJwtId("f");
        assertProblem(app.post().uri("/points?token=" + token).exchange(), 400, "token_in_url");
        assertProblem(app.get().uri("/greeting?whatever=" + token).exchange(), 400, "token_in_url");
        assertProblem(
                app.post()
                        .uri("/points?x=" + token)
                        .header("Authorization", "Bearer " + token)
                        .exchange(),
                400,
                "token_in_url");
        assertThat(post("/points", token)).hasStatusOk();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"token=#", "%74oken=#", "%74%6f%6B%65%6e=#", "x=1&tok%65n=#&y", "token=#&token=#", "%74oken="})
    void fieldOfTheBody_isNotTakenFromTheAddress_howeverItIsWrittenThere(String query) throws Exception {
        String session =
                post("/session", TestTokens.withJwtId(query)).getResponse().getContentAsString();
        assertThat(form("", session)).hasStatusOk();
        assertThat(form("?TOKEN=" + session, session)).hasStatusOk();

        String address = "?" + query.replace("#", session);

        assertProblem(form(address), 400, "token_in_url");
        assertProblem(form(address, session), 400, "token_in_url");
        // With a header there is no doubt, and the field is not looked at.
        assertThat(app.post().uri(URI.create("/points" + address)).header("Authorization", "Bearer " + session))
                .hasStatusOk();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "e", "J"})
    void tokenInTheAddress_isRefused_alsoWhenItIsEncoded(String character) {
        String token = TestTokens.withJwtId("encoded " + character);
        String encoded = token.replace(character, "%%%02x".formatted((int) character.charAt(0)));

        assertProblem(app.get().uri(URI.create("/greeting?anything=" + encoded)).exchange(), 400, "token_in_url");
        assertThat(post("/points", token)).hasStatusOk();
    }

    @Test
    void fieldOfTheBody_isTakenOnce_andFromAPostedFormOnly() throws Exception {
        String session =
                post("/session", TestTokens.withJwtId("fields")).getResponse().getContentAsString();
        assertThat(form("", session)).hasStatusOk();

        assertProblem(form("", session, session), 400, "ambiguous_token");
        assertProblem(
                app.post().multipart().uri("/points").param("token", session).exchange(), 401, "no_token");
        assertProblem(
                app.post()
                        .uri("/points")
                        .contentType(MediaType.TEXT_PLAIN)
                        .param("token", session)
                        .exchange(),
                401,
                "no_token");
        assertThat(app.post().uri("/points").header("authorization", "bearer " + session))
                .hasStatusOk();
    }

    private MvcTestResult form(String query, String... tokens) {
        return app.post()
                .uri(URI.create("/points" + query))
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .param("token", tokens)
                .exchange();
    }

    @Test
    void twoTokens_areOneTooMany() {
        assertProblem(
                app.post()
                        .uri("/points")
                        .header("Authorization", "Bearer " + TestTokens.withJwtId("g"))
                        .header("Authorization", "Bearer " + TestTokens.withJwtId("h"))
                        .exchange(),
                400,
                "ambiguous_token");
    }

    @Test
    void token_isTakenOnce() {
        String token = TestTokens.withJwtId("once");
        assertThat(post("/points", token)).hasStatusOk();
        assertProblem(post("/points", token), 401, "replayed");

        String withoutName = TestTokens.issued(Duration.ofSeconds(1));
        assertThat(post("/points", withoutName)).hasStatusOk();
        assertProblem(post("/points", withoutName), 401, "replayed");
    }

    @Test
    void session_standsForTheToken_untilItEnds() throws Exception {
        String session =
                post("/session", TestTokens.withJwtId("i")).getResponse().getContentAsString();
        assertThat(session).matches("[A-Za-z0-9_-]{43}");
        assertThat(post("/points", session)).hasStatusOk();
        assertThat(post("/points", session)).hasStatusOk();
        assertProblem(post("/points", session.substring(1) + "x"), 401, "session_ended");

        ((TestTokens.Clock) clock).set(TestTokens.NOW.plus(Duration.ofMinutes(15)));
        assertProblem(post("/points", session), 401, "session_ended");
    }

    @Test
    void onlyTheStoresPages_mayCall() {
        MvcTestResult own = app.options()
                .uri("/points")
                .header("Origin", "https://shop.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "Authorization")
                .exchange();
        assertThat(own).hasStatusOk().headers().hasValue("Access-Control-Allow-Origin", "https://shop.example");
        assertThat(own).headers().doesNotContainHeader("Access-Control-Allow-Credentials");
        MvcTestResult foreign = app.options()
                .uri("/points")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .exchange();
        assertThat(foreign).hasStatus(403).headers().doesNotContainHeader("Access-Control-Allow-Origin");
        MvcTestResult refused = app.post()
                .uri("/points")
                .header("Origin", "https://shop.example")
                .exchange();
        assertThat(refused).hasStatus(401).headers().hasValue("Access-Control-Allow-Origin", "https://shop.example");
    }

    private static void assertProblem(MvcTestResult answer, int status, String id) {
        assertThat(answer).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer).bodyJson().extractingPath("$.id").isEqualTo(id);
        assertThat(answer).bodyJson().extractingPath("$.status").isEqualTo(status);
    }
}
