package dev.patron.spring;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Counts tokens where the app has Micrometer. */
@AutoConfiguration(
        before = PatronAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
public class PatronMetricsAutoConfiguration {

    /** Made by Spring. */
    public PatronMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    MeteredTokens meteredTokens(MeterRegistry registry) {
        return new MeteredTokens(registry);
    }
}
