package dev.patron.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.server.PathContainer;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Tells which requests are for a customer: those that a controller with a customer among its parameters answers, and those
 * of {@code patron.paths}. Gives these, and no others, the CORS rules of {@code patron.allowed-origins}. Thread-safe once the
 * application has started.
 */
final class ServletCustomerRequests implements SmartInitializingSingleton {

    private final ObjectProvider<RequestMappingHandlerMapping> mapping;
    private final CustomerPaths paths;
    private final Cors cors;
    private volatile CustomerRoutes<RequestMappingInfo> routes = new CustomerRoutes<>(Map.of());

    ServletCustomerRequests(ObjectProvider<RequestMappingHandlerMapping> mapping, PatronProperties properties) {
        this.mapping = mapping;
        this.paths = new CustomerPaths(properties.paths());
        this.cors = new Cors(properties);
    }

    @Override
    public void afterSingletonsInstantiated() {
        mapping.ifAvailable(controllers -> {
            Map<RequestMappingInfo, HandlerMethod> methods = new LinkedHashMap<>(controllers.getHandlerMethods());
            // Older kinds of patterns can be compared with a path in the course of a dispatch only.
            methods.keySet().removeIf(info -> info.getPathPatternsCondition() == null);
            routes = new CustomerRoutes<>(methods);
            CorsConfigurationSource others = controllers.getCorsConfigurationSource();
            if (cors.isOn()) {
                controllers.setCorsConfigurationSource(request -> cors.choose(
                        include(request),
                        origin(request),
                        others == null ? null : others.getCorsConfiguration(request)));
            }
        });
    }

    /** Whether a request is for a customer. A question that the browser asks beforehand is like the request. */
    boolean include(HttpServletRequest request) {
        if (ServletRequestPathUtils.hasParsedRequestPath(request)) {
            return isIncluded(request);
        }
        ServletRequestPathUtils.parseAndCache(request);
        try {
            return isIncluded(request);
        } finally {
            ServletRequestPathUtils.clearParsedRequestPath(request);
        }
    }

    /** What a page of one of the stores may do, where it asks for something of a customer's. */
    @Nullable
    CorsConfiguration corsOfStores(HttpServletRequest request) {
        return cors.lists(origin(request)) && include(request) ? cors.configuration() : null;
    }

    private boolean isIncluded(HttpServletRequest request) {
        PathContainer path =
                ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication();
        return paths.contain(path)
                || routes.takeCustomer(
                        info -> info.getMatchingCondition(request), (one, other) -> one.compareTo(other, request));
    }

    private static @Nullable String origin(HttpServletRequest request) {
        return request.getHeader("Origin");
    }
}
