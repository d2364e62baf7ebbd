package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Beside Spring Security. */
@WebMvcTest(controllers = SecurityTest.Account.class)
@Import({SecurityTest.Account.class, SecurityTest.App.class})
@ImportAutoConfiguration({SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class})
@TestPropertySource(
        properties = {
            "patron.client-id=" + TestTokens.CLIENT_ID,
            "patron.client-secrets=" + TestTokens.CLIENT_SECRET,
            "patron.stores=" + TestTokens.STORE,
            "patron.allowed-origins=https://shop.example",
            "patron.replay.mode=memory"
        })
class SecurityTest {

    @Configuration
    static class App {
        @Bean
        TestTokens.Clock clock() {
            return new TestTokens.Clock();
        }

        // tag::security[]
        @Bean
        SecurityFilterChain customers(HttpSecurity http) {
            return http.with(CurrentCustomerConfigurer.currentCustomer(), customer -> {})
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .csrf(csrf -> csrf.disable()) // A bearer token is sent by no browser of its own accord.
                    .build();
        }
        // end::security[]
    }

    @RestController
    static class Account {

        @GetMapping("/account")
        String account(
                Authentication authentication,
                @AuthenticationPrincipal CurrentCustomer principal,
                CurrentCustomer again) {
            return authentication.getName() + " "
                    + authentication.getAuthorities().size() + " " + principal.equals(again);
        }
    }

    @Autowired
    private MockMvcTester app;

    @Test
    void customer_isThePrincipal_withoutAuthorities() {
        assertThat(app.get().uri("/account").header("Authorization", "Bearer " + TestTokens.withJwtId("security")))
                .hasStatusOk()
                .hasBodyTextEqualTo("abc123/4927 0 true");
    }

    @Test
    void nobody_andBadTokens_areRefused() {
        MvcTestResult nobody = app.get().uri("/account").exchange();
        assertThat(nobody).hasStatus(401).headers().hasValue("WWW-Authenticate", "Bearer");
        assertThat(nobody).bodyJson().extractingPath("$.id").isEqualTo("no_token");
        MvcTestResult forged = app.get()
                .uri("/account")
                .header("Authorization", "Bearer " + TestTokens.forged())
                .exchange();
        assertThat(forged).hasStatus(401);
        assertThat(forged).bodyJson().extractingPath("$.id").isEqualTo("bad_signature");
        assertThat(forged).headers().hasValue("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }

    @Test
    void storesPages_mayAskFirst_andOthersMayNot() {
        for (String origin : new String[] {"https://shop.example", "https://evil.example"}) {
            boolean own = origin.equals("https://shop.example");
            MvcTestResult answer = app.options()
                    .uri("/account")
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "GET")
                    .header("Access-Control-Request-Headers", "authorization")
                    .exchange();
            // Who asks for others is asked for a token, as with every request without one.
            assertThat(answer).hasStatus(own ? 200 : 401);
            assertThat(answer.getResponse().getHeader("Access-Control-Allow-Origin"))
                    .isEqualTo(own ? origin : null);
        }
        MvcTestResult refused = app.get()
                .uri("/account")
                .header("Origin", "https://shop.example")
                .exchange();
        assertThat(refused).hasStatus(401).headers().hasValue("Access-Control-Allow-Origin", "https://shop.example");
    }
}
