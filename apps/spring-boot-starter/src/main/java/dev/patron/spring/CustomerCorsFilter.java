package dev.patron.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers the browsers of the stores' visitors, who ask first whether a page may send the token and send none with the question,
 * before Spring Security asks for one. Origins that are not listed, and requests for no customer, are left to the application.
 */
final class CustomerCorsFilter extends OncePerRequestFilter {

    private final ServletCustomerRequests requests;
    private final DefaultCorsProcessor processor = new DefaultCorsProcessor();

    CustomerCorsFilter(ServletCustomerRequests requests) {
        this.requests = requests;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        CorsConfiguration cors = requests.corsOfStores(request);
        if (cors == null
                || (processor.processRequest(cors, request, response) && !CorsUtils.isPreFlightRequest(request))) {
            chain.doFilter(request, response);
        }
    }
}
