package dev.patron.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Asks for the customer's token where Spring Security lets nobody unknown in and the request is for a customer. All others are
 * answered by the application's own entry point.
 */
final class CustomerNeededFilter extends OncePerRequestFilter {

    private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();
    private final ServletCustomerRequests requests;
    private final CustomerAuthenticator authenticator;

    CustomerNeededFilter(ServletCustomerRequests requests, CustomerAuthenticator authenticator) {
        this.requests = requests;
        this.authenticator = authenticator;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (AuthenticationException | AccessDeniedException refused) {
            answer(request, response, refused);
        } catch (ServletException failed) {
            // Controllers' exceptions come in one.
            if (failed.getCause() instanceof AuthenticationException
                    || failed.getCause() instanceof AccessDeniedException) {
                answer(request, response, failed);
            } else {
                throw failed;
            }
        }
    }

    private <E extends Exception> void answer(HttpServletRequest request, HttpServletResponse response, E refused)
            throws E, IOException {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        if ((known != null && !trust.isAnonymous(known)) || response.isCommitted() || !requests.include(request)) {
            throw refused;
        }
        CurrentCustomerFilter.send(response, authenticator.nothingPresented());
    }
}
