package dev.patron.spring;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The customer in controllers of Spring MVC, and CORS for the stores' origins where one is asked for. */
@AutoConfiguration(after = PatronAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(WebMvcConfigurer.class)
@Import(Problems.class)
public class PatronWebMvcAutoConfiguration {

    /** Made by Spring. */
    public PatronWebMvcAutoConfiguration() {}

    @Bean
    ServletCustomers servletCustomers(CustomerAuthenticator authenticator, PatronProperties properties) {
        return new ServletCustomers(authenticator, properties);
    }

    @Bean
    ServletCustomerRequests servletCustomerRequests(
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mapping,
            PatronProperties properties) {
        return new ServletCustomerRequests(mapping, properties);
    }

    @Bean
    WebMvcConfigurer patronWebMvcConfigurer(ServletCustomers customers, CustomerAuthenticator authenticator) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new ServletCustomerResolver(customers, authenticator));
            }
        };
    }
}
