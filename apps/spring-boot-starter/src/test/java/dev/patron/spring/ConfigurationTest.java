package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomerVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What the starter brings, and what it says of wrong properties. */
class ConfigurationTest {

    private static final AutoConfigurations ALL = AutoConfigurations.of(
            PatronAutoConfiguration.class,
            PatronRedisAutoConfiguration.class,
            PatronWebMvcAutoConfiguration.class,
            PatronWebFluxAutoConfiguration.class,
            PatronMetricsAutoConfiguration.class,
            PatronHealthAutoConfiguration.class);

    private final WebApplicationContextRunner servlet =
            new WebApplicationContextRunner().withConfiguration(ALL).withPropertyValues(TestTokens.PROPERTIES);

    @Test
    void servletApp_hasWhatItNeeds_andNoMore() {
        servlet.run(context -> assertThat(context)
                .hasSingleBean(CurrentCustomerVerifier.class)
                .hasSingleBean(WebMvcConfigurer.class)
                .hasSingleBean(PatronHealth.class)
                .doesNotHaveBean(WebFluxConfigurer.class)
                .doesNotHaveBean(CustomerSessions.class)
                .doesNotHaveBean(ReplayGuard.class)
                .doesNotHaveBean(MeteredTokens.class));
    }

    @Test
    void reactiveApp_hasWhatItNeeds() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(ALL)
                .withPropertyValues(TestTokens.PROPERTIES)
                .run(context -> assertThat(context)
                        .hasSingleBean(CurrentCustomerVerifier.class)
                        .hasSingleBean(WebFluxConfigurer.class)
                        .doesNotHaveBean(WebMvcConfigurer.class));
    }

    @Test
    void beansOfTheApp_comeFirst() {
        servlet.withBean(ReplayGuard.class, () -> (key, until) -> true)
                .withPropertyValues("patron.replay.mode=memory")
                .run(context ->
                        assertThat(context).getBean(ReplayGuard.class).isNotInstanceOf(MemoryReplayGuard.class));
    }

    @Test
    void options_makeTheirBeans() {
        servlet.withPropertyValues("patron.session.enabled=true", "patron.replay.mode=memory")
                .run(context -> assertThat(context)
                        .hasSingleBean(CustomerSessions.class)
                        .hasSingleBean(SessionCookies.class)
                        .hasSingleBean(MemoryReplayGuard.class));
    }

    @ParameterizedTest
    @CsvSource({
        "patron.client-id, ''",
        "patron.client-secrets, ''",
        "patron.client-secrets[0], tooshort",
        "patron.stores, ''",
        "patron.stores, 'any,abc123'",
        "patron.max-age, 0s",
        "patron.max-age, 16m",
        "patron.clock-skew, 6m",
        "patron.clock-skew, -1s",
        "patron.algorithms, ''",
        "patron.allowed-origins, *",
        "patron.allowed-origins, https://shop.example/",
        "patron.allowed-origins, https://Shop.example",
        "patron.allowed-origins, ftp://shop.example",
        "patron.paths, account/**",
        "patron.paths, /{account",
        "patron.body-field, ' '",
        "patron.session.lifetime, 0s",
        "patron.session.max-sessions, 0",
        "patron.session.cookie-secure, false",
        "patron.replay.mode, redis",
        "patron.replay.max-tokens, 0",
        "patron.report.access-token, patron_tooshort",
        "patron.report.console, https://console.example",
    })
    void wrongProperty_stopsTheStart_andIsNamed(String property, String value) {
        servlet.run(context -> assertThat(context).hasNotFailed());
        servlet.withPropertyValues(property.replace("[0]", "") + "=" + value).run(context -> {
            assertThat(context).hasFailed();
            Throwable failure = Objects.requireNonNull(context.getStartupFailure());
            FailureAnalysis analysis = Objects.requireNonNull(new PatronFailureAnalyzer().analyze(failure));
            assertThat(analysis.getDescription())
                    .startsWith(
                            switch (property) {
                                case "patron.session.cookie-secure" -> "patron.session.cookie-name";
                                case "patron.report.access-token" -> "patron.report.console";
                                case "patron.report.console" -> "patron.report.access-token";
                                default -> property;
                            })
                    .doesNotContain("tooshort");
            assertThat(analysis.getAction()).isNotBlank();
        });
    }

    @Test
    void maxAge_andUntilExpiry_excludeEachOther() {
        servlet.withPropertyValues("patron.accept-until-expiry=true")
                .run(context -> assertThat(context).hasNotFailed());
        servlet.withPropertyValues("patron.accept-until-expiry=true", "patron.max-age=30s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidPatronPropertyException.class,
                                wrong -> assertThat(wrong.property()).isEqualTo("patron.max-age")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "console.example",
                "https://console.example/",
                "https://console.example/path",
                "https://user@console.example",
                "http://console.example",
                "http://localhost.example",
                "ftp://localhost",
                "nothing at all"
            })
    void reports_goToAnOriginByHttpsOnly_orToThisMachine(String console) {
        String accessToken = "patron.report.access-token=patron_secret";
        servlet.withPropertyValues("patron.report.console=https://console.example:8443", accessToken)
                .run(context -> assertThat(context).hasSingleBean(VerificationReports.class));
        servlet.withPropertyValues("patron.report.console=http://localhost:8081", accessToken)
                .run(context -> assertThat(context).hasSingleBean(VerificationReports.class));

        servlet.withPropertyValues("patron.report.console=" + console, accessToken)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith("patron.report.console: ")
                        .hasMessageNotContaining("patron_secret"));
    }

    @Test
    void accessToken_withCharactersThatNoneHas_isNotTold() {
        servlet.withPropertyValues(
                        "patron.report.console=https://console.example", "patron.report.access-token=patron_a\nb")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith("patron.report.access-token: ")
                        .hasMessageNotContaining("patron_a"));
    }

    @Test
    void shortSecret_isTakenOnRequest() {
        servlet.withPropertyValues(
                        "patron.client-secrets=" + "s".repeat(31),
                        "patron.allow-short-secret=true",
                        "patron.stores=any")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void properties_tellNoSecret() {
        servlet.run(
                context -> assertThat(context.getBean(PatronProperties.class).toString())
                        .doesNotContain(TestTokens.CLIENT_SECRET));
        assertThat(new CustomerSession("secret-id", Instant.EPOCH).toString()).doesNotContain("secret-id");
        assertThat(new Presented(List.of("Bearer secret"), "/", "", List.of(), List.of("secret"), true).toString())
                .doesNotContain("secret");
    }
}
