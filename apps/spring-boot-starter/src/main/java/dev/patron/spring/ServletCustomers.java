package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/** The customer of a servlet request: looked for once, however often it is asked for. */
final class ServletCustomers {

    private static final String ATTRIBUTE = ServletCustomers.class.getName();

    private final CustomerAuthenticator authenticator;
    private final PatronProperties properties;
    private final OwnPages ownPages;

    ServletCustomers(CustomerAuthenticator authenticator, PatronProperties properties) {
        this.authenticator = authenticator;
        this.properties = properties;
        this.ownPages = new OwnPages(properties);
    }

    private record Found(Optional<CurrentCustomer> customer) {}

    /** Another question about the same request is not another use of its token. */
    Optional<CurrentCustomer> of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Found known) {
            return known.customer();
        }
        Optional<CurrentCustomer> customer = authenticator.find(presented(request));
        request.setAttribute(ATTRIBUTE, new Found(customer));
        return customer;
    }

    private Presented presented(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return new Presented(
                Collections.list(request.getHeaders("Authorization")),
                CustomerParameter.text(request.getRequestURI()),
                CustomerParameter.text(request.getQueryString()),
                bodyFields(request),
                cookies == null
                        ? List.of()
                        : Arrays.stream(cookies)
                                .filter(cookie -> cookie.getName()
                                        .equals(properties.session().cookieName()))
                                .map(Cookie::getValue)
                                .toList(),
                ownPages.send(request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin")));
    }

    /** Those of the query are among them: the authenticator refuses requests that have any. */
    private List<String> bodyFields(HttpServletRequest request) {
        String type = request.getContentType();
        if (!HttpMethod.POST.matches(request.getMethod())
                || type == null
                || !type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            return List.of();
        }
        String[] values = request.getParameterValues(properties.bodyField());
        return values == null ? List.of() : List.of(values);
    }
}
