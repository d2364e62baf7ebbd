package dev.patron.spring;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives controllers of Spring MVC the customer. */
final class ServletCustomerResolver implements HandlerMethodArgumentResolver {

    private final ServletCustomers customers;
    private final CustomerAuthenticator authenticator;

    ServletCustomerResolver(ServletCustomers customers, CustomerAuthenticator authenticator) {
        this.customers = customers;
        this.authenticator = authenticator;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return CustomerParameter.is(parameter);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest servletRequest = request.getNativeRequest(HttpServletRequest.class);
        if (servletRequest == null) {
            throw new IllegalStateException("This is no servlet request");
        }
        return CustomerParameter.value(parameter, customers.of(servletRequest), authenticator);
    }
}
