package dev.patron.spring;

import dev.patron.token.CurrentCustomerVerifier;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/** The verifier and what decides about requests. Each bean gives way to one of the app's own. */
@AutoConfiguration
@EnableConfigurationProperties(PatronProperties.class)
@ImportRuntimeHints(PatronRuntimeHints.class)
public class PatronAutoConfiguration {

    /** Made by Spring. */
    public PatronAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CurrentCustomerVerifier currentCustomerVerifier(PatronProperties properties, ObjectProvider<InstantSource> clock) {
        return CheckedProperties.verifier(properties, clock(clock));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "patron.session.enabled")
    CustomerSessions customerSessions(PatronProperties properties, ObjectProvider<InstantSource> clock) {
        return new MemorySessions(
                properties.session().lifetime(), properties.session().maxSessions(), clock(clock));
    }

    @Bean
    @ConditionalOnProperty(name = "patron.session.enabled")
    SessionCookies sessionCookies(PatronProperties properties, ObjectProvider<InstantSource> clock) {
        return new SessionCookies(properties.session(), clock(clock));
    }

    @Bean
    @ConditionalOnMissingBean(ReplayGuard.class)
    @ConditionalOnProperty(name = "patron.replay.mode", havingValue = "memory")
    ReplayGuard memoryReplayGuard(PatronProperties properties, ObjectProvider<InstantSource> clock) {
        return new MemoryReplayGuard(properties.replay().maxTokens(), clock(clock));
    }

    @Bean
    @ConditionalOnProperty(name = "patron.report.console")
    VerificationReports verificationReports(PatronProperties properties, ObjectProvider<InstantSource> clock) {
        return CheckedProperties.reports(properties, clock(clock));
    }

    @Bean
    CustomerAuthenticator customerAuthenticator(
            CurrentCustomerVerifier verifier,
            PatronProperties properties,
            ObjectProvider<CustomerSessions> sessions,
            ObjectProvider<ReplayGuard> replayGuard,
            ObjectProvider<TokenObserver> observers) {
        ReplayGuard guard = replayGuard.getIfAvailable();
        if (guard == null && properties.replay().mode() != PatronProperties.Replay.Mode.OFF) {
            throw new InvalidPatronPropertyException(
                    "patron.replay.mode",
                    "There is nowhere to note tokens.",
                    "For redis add spring-boot-starter-data-redis and its spring.data.redis properties.");
        }
        return new CustomerAuthenticator(
                verifier,
                properties,
                sessions.getIfAvailable(),
                guard,
                observers.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(name = "customerKeyGenerator")
    CustomerKeyGenerator customerKeyGenerator() {
        return new CustomerKeyGenerator();
    }

    static InstantSource clock(ObjectProvider<InstantSource> clock) {
        return clock.getIfUnique(InstantSource::system);
    }
}
