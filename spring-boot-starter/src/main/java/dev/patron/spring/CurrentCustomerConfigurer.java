package dev.patron.spring;

import org.springframework.context.ApplicationContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * Lets Spring Security know customers. Tokens that are refused end the request with 401 and the reason's id; requests that present nothing
 * go on, and end with 401 where {@code authenticated()} is demanded. The stores' pages may ask first whether they may (CORS).
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
    public void init(HttpSecurity http) {
        CustomerAuthenticator authenticator = context(http).getBean(CustomerAuthenticator.class);
        // Browsers ask first whether a page may send the token, and send none with the question.
        http.cors(Customizer.withDefaults());
        http.exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, missing) ->
                CurrentCustomerFilter.send(response, authenticator.nothingPresented())));
    }

    @Override
    public void configure(HttpSecurity http) {
        http.addFilterBefore(
                new CurrentCustomerFilter(context(http).getBean(ServletCustomers.class)),
                AnonymousAuthenticationFilter.class);
    }

    private static ApplicationContext context(HttpSecurity http) {
        return http.getSharedObject(ApplicationContext.class);
    }
}
