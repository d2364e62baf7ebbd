package dev.patron.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** The customer in controllers of Spring WebFlux, and CORS for the stores' origins where one is asked for. */
@AutoConfiguration(after = PatronAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(WebFluxConfigurer.class)
@Import(Problems.class)
public class PatronWebFluxAutoConfiguration {

    /** Made by Spring. */
    public PatronWebFluxAutoConfiguration() {}

    @Bean
    ReactiveCustomerRequests reactiveCustomerRequests(
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mapping,
            ObjectProvider<WebFluxConfigurer> configurers,
            PatronProperties properties) {
        return new ReactiveCustomerRequests(mapping, configurers, properties);
    }

    @Bean
    WebFluxConfigurer patronWebFluxConfigurer(CustomerAuthenticator authenticator, PatronProperties properties) {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new ReactiveCustomerResolver(authenticator, properties));
            }
        };
    }
}
