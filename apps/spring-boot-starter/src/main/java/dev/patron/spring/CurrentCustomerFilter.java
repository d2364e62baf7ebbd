package dev.patron.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Tells Spring Security who the customer is, for the one request, if it is for a customer. */
final class CurrentCustomerFilter extends OncePerRequestFilter {

    private final ServletCustomerRequests requests;
    private final ServletCustomers customers;

    CurrentCustomerFilter(ServletCustomerRequests requests, ServletCustomers customers) {
        this.requests = requests;
        this.customers = customers;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        // A bearer token of another kind, for another part of the application, is no business of this filter.
        return !requests.include(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            customers.of(request).ifPresent(customer -> {
                SecurityContext context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(new CurrentCustomerAuthentication(customer));
                SecurityContextHolder.setContext(context);
            });
        } catch (CustomerRefusedException refused) {
            send(response, refused);
            return;
        }
        chain.doFilter(request, response);
    }

    static void send(HttpServletResponse response, CustomerRefusedException refused) throws IOException {
        response.setStatus(refused.status());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (refused.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, Problems.challenge(refused));
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(Problems.json(refused).getBytes(StandardCharsets.UTF_8));
    }
}
