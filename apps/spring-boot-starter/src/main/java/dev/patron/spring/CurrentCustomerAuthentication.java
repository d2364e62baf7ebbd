package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/**
 * A customer, for Spring Security: the principal is the {@link CurrentCustomer}, there are no authorities, and the token is not kept.
 */
public final class CurrentCustomerAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final transient CurrentCustomer customer;

    CurrentCustomerAuthentication(CurrentCustomer customer) {
        super(List.of());
        this.customer = customer;
        setAuthenticated(true);
    }

    @Override
    public CurrentCustomer getPrincipal() {
        return customer;
    }

    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    /** The store, a slash, the id. */
    @Override
    public String getName() {
        return CustomerKey.of(customer).toString();
    }
}
