package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.CorsRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
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
            "patron.paths=/listed/**",
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

        @Bean
        WebFluxConfigurer partners() {
            return new WebFluxConfigurer() {
                @Override
                public void addCorsMappings(CorsRegistry registry) {
                    registry.addMapping("/reports/**").allowedOrigins("https://partner.example");
                }
            };
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

        @PutMapping("/points")
        Mono<String> change() {
            return Mono.just("Changed");
        }

        @GetMapping({"/reports", "/listed/thing"})
        Mono<String> reports() {
            return Mono.just("Reports");
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
    void fieldOfTheBody_isNotTakenFromTheAddress_howeverItIsWrittenThere() {
        String token = TestTokens.withJwtId("flux-address");
        for (String query : List.of("token=x", "%74oken=x", "a=b&t%6Fken")) {
            problem(
                    app().post()
                            .uri(URI.create("https://app.example/points?" + query))
                            .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                            .body(BodyInserters.fromFormData("token", token))
                            .exchange(),
                    400,
                    "token_in_url");
        }
        problem(
                app().get()
                        .uri(URI.create("https://app.example/greeting?anything=" + token.replace(".", "%2E")))
                        .exchange(),
                400,
                "token_in_url");
        app().post()
                .uri("/points?TOKEN=x")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(BodyInserters.fromFormData("token", token))
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void otherOrigins_areTheApplicationsOwnMatter() {
        preflight("/points", "POST", "https://shop.example", true);
        preflight("/points", "POST", "https://evil.example", false);
        preflight("/listed/thing", "GET", "https://shop.example", true);

        preflight("/points", "PUT", "https://shop.example", false);
        preflight("/reports", "GET", "https://shop.example", false);
        preflight("/reports", "GET", "https://partner.example", true);
        preflight("/reports", "GET", "https://evil.example", false);
    }

    private void preflight(String path, String method, String origin, boolean allowed) {
        app().options()
                .uri(path)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .exchange()
                .expectHeader()
                .value("Access-Control-Allow-Origin", value -> assertThat(value).isEqualTo(allowed ? origin : null));
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
