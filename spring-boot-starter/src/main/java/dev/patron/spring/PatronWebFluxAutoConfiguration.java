package dev.patron.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.config.CorsRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** The customer in controllers of Spring WebFlux, and CORS for the stores' origins. */
@AutoConfiguration(after = PatronAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(WebFluxConfigurer.class)
@Import(Problems.class)
public class PatronWebFluxAutoConfiguration {

    /** Made by Spring. */
    public PatronWebFluxAutoConfiguration() {}

    @Bean
    WebFluxConfigurer patronWebFluxConfigurer(CustomerAuthenticator authenticator, PatronProperties properties) {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new ReactiveCustomerResolver(authenticator, properties));
            }

            @Override
            public void addCorsMappings(CorsRegistry registry) {
                if (!properties.allowedOrigins().isEmpty()) {
                    registry.addMapping("/**").combine(Cors.configuration(properties));
                }
            }
        };
    }
}
