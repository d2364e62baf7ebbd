package dev.patron.spring;

import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;
import org.springframework.web.reactive.config.CorsRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/**
 * Gives the requests that are for a customer, and no others, the CORS rules of {@code patron.allowed-origins}: those that a
 * controller with a customer among its parameters answers, and those of {@code patron.paths}. Thread-safe once the
 * application has started.
 */
final class ReactiveCustomerRequests implements SmartInitializingSingleton {

    private final ObjectProvider<RequestMappingHandlerMapping> mapping;
    private final ObjectProvider<WebFluxConfigurer> configurers;
    private final CustomerPaths paths;
    private final Cors cors;

    ReactiveCustomerRequests(
            ObjectProvider<RequestMappingHandlerMapping> mapping,
            ObjectProvider<WebFluxConfigurer> configurers,
            PatronProperties properties) {
        this.mapping = mapping;
        this.configurers = configurers;
        this.paths = new CustomerPaths(properties.paths());
        this.cors = new Cors(properties);
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (cors.isOn()) {
            mapping.ifAvailable(this::addCors);
        }
    }

    private void addCors(RequestMappingHandlerMapping controllers) {
        CustomerRoutes<RequestMappingInfo> routes = new CustomerRoutes<>(controllers.getHandlerMethods());
        UrlBasedCorsConfigurationSource others = new UrlBasedCorsConfigurationSource();
        others.setCorsConfigurations(new Registered(configurers).all());
        controllers.setCorsConfigurationSource(exchange -> cors.choose(
                paths.contain(exchange.getRequest().getPath().pathWithinApplication())
                        || routes.takeCustomer(
                                info -> info.getMatchingCondition(exchange),
                                (one, other) -> one.compareTo(other, exchange)),
                exchange.getRequest().getHeaders().getOrigin(),
                others.getCorsConfiguration(exchange)));
    }

    /** What the application says of CORS by itself. The mapping has it too, but does not tell. */
    private static final class Registered extends CorsRegistry {

        Registered(ObjectProvider<WebFluxConfigurer> configurers) {
            configurers.orderedStream().forEach(configurer -> configurer.addCorsMappings(this));
        }

        Map<String, CorsConfiguration> all() {
            return getCorsConfigurations();
        }
    }
}
