package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Mono;

/** Controllers of Spring WebFlux. */
@SpringBootTest(webEnvironment = WebEnvironment.MOCK, properties = "spring.main.web-application-type=reactive")
@TestPropertySource(
        properties = {
            "patron.client-id=" + TestTokens.CLIENT_ID,
            "patron.client-secrets=" + TestTokens.CLIENT_SECRET,
            "patron.stores=" + TestTokens.STORE,
            "patron.allowed-origins=https://shop.example",
            "patron.replay.mode=memory"
        })
class WebFluxTokenTest {

    @Configuration
    @ImportAutoConfiguration({
        HttpHandlerAutoConfiguration.class,
        WebFluxAutoConfiguration.class,
        PatronAutoConfiguration.class,
        PatronWebFluxAutoConfiguration.class
    })
    @Import(Points.class)
    static class App {
        @Bean
        TestTokens.Clock clock() {
            return new TestTokens.Clock();
        }
    }

    @RestController
    static class Points {

        @PostMapping("/points")
        Mono<String> points(CurrentCustomer customer) {
            return Mono.just("120 points for " + CustomerKey.of(customer));
        }

        @GetMapping("/greeting")
        Mono<String> greeting(Optional<CurrentCustomer> customer) {
            return Mono.just(customer.isPresent() ? "Welcome back" : "Hello");
        }
    }

    @Autowired
    private ApplicationContext context;

    private WebTestClient app() {
        return WebTestClient.bindToApplicationContext(context)
                .configureClient()
                .baseUrl("https://app.example")
                .build();
    }

    private WebTestClient.ResponseSpec post(String token) {
        return app().post()
                .uri("/points")
                .header("Authorization", "Bearer " + token)
                .exchange();
    }

    @Test
    void controller_isGivenTheCustomer_once() {
        String token = TestTokens.withJwtId("flux");
        post(token).expectStatus().isOk().expectBody(String.class).isEqualTo("120 points for abc123/4927");
        problem(post(token), 401, "replayed");
    }

    @Test
    void form_mayHaveTheToken() {
        app().post()
                .uri("/points")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(BodyInserters.fromFormData("token", TestTokens.withJwtId("flux-form")))
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void optional_isEmptyWithoutAToken_andNeverWithABadOne() {
        app().get().uri("/greeting").exchange().expectBody(String.class).isEqualTo("Hello");
        app().get()
                .uri("/greeting")
                .header("Authorization", "Bearer " + TestTokens.withJwtId("flux-greeting"))
                .exchange()
                .expectBody(String.class)
                .isEqualTo("Welcome back");
        problem(
                app().get()
                        .uri("/greeting")
                        .header("Authorization", "Bearer " + TestTokens.forged())
                        .exchange(),
                401,
                "bad_signature");
    }

    @Test
    void badTokens_areRefusedWithTheirReason() {
        problem(post(TestTokens.forged()), 401, "bad_signature");
        problem(post(TestTokens.issued(Duration.ofSeconds(36))), 401, "too_old");
        problem(app().post().uri("/points").exchange(), 401, "no_token");
        problem(
                app().post()
                        .uri("/points?token=" + TestTokens.withJwtId("flux-url"))
                        .exchange(),
                400,
                "token_in_url");
    }

    @Test
    void onlyTheStoresPages_mayCall() {
        for (String origin : new String[] {"https://shop.example", "https://evil.example"}) {
            boolean own = origin.equals("https://shop.example");
            app().options()
                    .uri("/points")
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "POST")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(own ? 200 : 403)
                    .expectHeader()
                    .value(
                            "Access-Control-Allow-Origin",
                            value -> assertThat(value).isEqualTo(own ? origin : null));
        }
    }

    private static void problem(WebTestClient.ResponseSpec answer, int status, String id) {
        answer.expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo(id);
    }
}
