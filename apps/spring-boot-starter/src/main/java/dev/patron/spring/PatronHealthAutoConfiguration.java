package dev.patron.spring;

import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Tells of clocks and secrets in the health endpoint, where the app has one. */
@AutoConfiguration(before = PatronAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@EnableConfigurationProperties(PatronProperties.class)
public class PatronHealthAutoConfiguration {

    /** Made by Spring. */
    public PatronHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "patronHealthIndicator")
    PatronHealth patronHealthIndicator(PatronProperties properties, ObjectProvider<InstantSource> clock) {
        return new PatronHealth(properties.clientSecretChangedAt(), PatronAutoConfiguration.clock(clock));
    }
}
