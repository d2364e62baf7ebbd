package dev.patron.spring;

import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.web.filter.CorsFilter;

/**
 * Lets Spring Security know customers, in requests that are for one: a controller with a customer among its parameters answers them, or
 * {@code patron.paths} has them. There, tokens that are refused end the request with 401 and the reason's id; requests that present nothing
 * go on, and end with 401 where {@code authenticated()} is demanded; the stores' pages may ask first whether they may (CORS). All other
 * requests are as they would be without it.
 *
 * <pre>{@code
 * http.with(CurrentCustomerConfigurer.currentCustomer(), customizer -> {})
 *     .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
 * }</pre>
 */
public final class CurrentCustomerConfigurer extends AbstractHttpConfigurer<CurrentCustomerConfigurer, HttpSecurity> {

    private CurrentCustomerConfigurer() {}

    /**
     * A configurer for {@link HttpSecurity#with}.
     *
     * @return a new one
     */
    public static CurrentCustomerConfigurer currentCustomer() {
        return new CurrentCustomerConfigurer();
    }

    @Override
    public void configure(HttpSecurity http) {
        ApplicationContext context = context(http);
        ServletCustomerRequests requests = context.getBean(ServletCustomerRequests.class);
        http.addFilterBefore(new CustomerCorsFilter(requests), CorsFilter.class);
        http.addFilterBefore(
                new CurrentCustomerFilter(requests, context.getBean(ServletCustomers.class)),
                AnonymousAuthenticationFilter.class);
        http.addFilterAfter(
                new CustomerNeededFilter(requests, context.getBean(CustomerAuthenticator.class)),
                ExceptionTranslationFilter.class);
    }

    private static ApplicationContext context(HttpSecurity http) {
        return http.getSharedObject(ApplicationContext.class);
    }
}
