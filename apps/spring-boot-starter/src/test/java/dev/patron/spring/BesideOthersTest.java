package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** An application with CORS, an entry point and bearer tokens of its own, which it keeps where nothing is asked for a customer. */
@WebMvcTest(controllers = BesideOthersTest.Mixed.class)
@Import({BesideOthersTest.Mixed.class, BesideOthersTest.App.class})
@ImportAutoConfiguration({SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class})
@TestPropertySource(
        properties = {
            "patron.client-id=" + TestTokens.CLIENT_ID,
            "patron.client-secrets=" + TestTokens.CLIENT_SECRET,
            "patron.stores=" + TestTokens.STORE,
            "patron.allowed-origins=https://shop.example",
            "patron.paths=/listed/**"
        })
class BesideOthersTest {

    private static final String SHOP = "https://shop.example";
    private static final String PARTNER = "https://partner.example";
    private static final String STRANGER = "https://evil.example";

    @Configuration
    static class App implements WebMvcConfigurer {
        @Bean
        TestTokens.Clock clock() {
            return new TestTokens.Clock();
        }

        @Override
        public void addCorsMappings(CorsRegistry registry) {
            registry.addMapping("/reports/**").allowedOrigins(PARTNER);
        }

        @Bean
        SecurityFilterChain all(HttpSecurity http) {
            return http.with(CurrentCustomerConfigurer.currentCustomer(), customer -> {})
                    .cors(Customizer.withDefaults())
                    .exceptionHandling(handling -> handling.authenticationEntryPoint(
                            (request, response, missing) -> response.sendRedirect("/sign-in")))
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/open")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }
    }

    @RestController
    static class Mixed {

        @GetMapping("/account")
        String account(CurrentCustomer customer) {
            return CustomerKey.of(customer).toString();
        }

        @GetMapping("/greeting/{name}")
        String greeting(Optional<CurrentCustomer> customer) {
            return "Hello";
        }

        @GetMapping("/greeting/staff")
        String greetStaff() {
            return "Hello, colleague";
        }

        @PostMapping("/account")
        String change() {
            return "Changed";
        }

        @GetMapping({"/reports", "/listed/thing"})
        String reports(Authentication authentication) {
            return authentication.getName();
        }

        @GetMapping("/open")
        String open() {
            return "Open";
        }
    }

    @Autowired
    private MockMvcTester app;

    @Test
    void storesPages_mayAskForACustomer_andForNothingElse() {
        assertAllowed("/account", "GET", SHOP, true);
        assertAllowed("/greeting/anybody", "GET", SHOP, true);
        assertAllowed("/listed/thing", "GET", SHOP, true);

        assertAllowed("/account", "POST", SHOP, false);
        assertAllowed("/greeting/staff", "GET", SHOP, false);
        assertAllowed("/reports", "GET", SHOP, false);
        assertAllowed("/open", "GET", SHOP, false);
        assertAllowed("/account", "GET", STRANGER, false);
    }

    @Test
    void applicationsOwnOrigins_areAllowedWhereItSays() {
        assertAllowed("/reports", "GET", PARTNER, true);

        assertAllowed("/account", "GET", PARTNER, false);
        assertAllowed("/reports", "GET", STRANGER, false);
    }

    @Test
    void nobody_isAskedForATokenWhereACustomerIsNeeded_andSentToTheSignInElsewhere() {
        for (String path : new String[] {"/account", "/greeting/anybody", "/listed/thing"}) {
            MvcTestResult answer = app.get().uri(path).exchange();
            assertThat(answer).as(path).hasStatus(401).headers().hasValue("WWW-Authenticate", "Bearer");
            assertThat(answer).bodyJson().extractingPath("$.id").isEqualTo("no_token");
        }
        for (String path : new String[] {"/reports", "/greeting/staff", "/no-such-page"}) {
            assertThat(app.get().uri(path)).as(path).hasStatus(302).hasRedirectedUrl("/sign-in");
        }
        assertThat(app.post().uri("/account")).hasStatus(302).hasRedirectedUrl("/sign-in");
    }

    @Test
    void tokens_countWhereACustomerIsAskedFor_andAreNotLookedAtElsewhere() {
        String token = TestTokens.valid();
        assertThat(get("/account", token)).hasStatusOk().hasBodyTextEqualTo("abc123/4927");
        assertThat(get("/listed/thing", token)).hasStatusOk().hasBodyTextEqualTo("abc123/4927");
        assertThat(get("/account", TestTokens.forged())).hasStatus(401);
        assertThat(get("/listed/thing", TestTokens.forged())).hasStatus(401);

        assertThat(get("/open", "of-another-kind")).hasStatusOk().hasBodyTextEqualTo("Open");
        assertThat(get("/reports", "of-another-kind")).hasStatus(302).hasRedirectedUrl("/sign-in");
        assertThat(get("/reports", token)).hasStatus(302).hasRedirectedUrl("/sign-in");
    }

    private MvcTestResult get(String path, String token) {
        return app.get().uri(path).header("Authorization", "Bearer " + token).exchange();
    }

    private void assertAllowed(String path, String method, String origin, boolean allowed) {
        MvcTestResult answer = app.options()
                .uri(path)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .exchange();
        assertThat(answer.getResponse().getHeader("Access-Control-Allow-Origin"))
                .as(path + " for " + origin)
                .isEqualTo(allowed ? origin : null);
    }
}
