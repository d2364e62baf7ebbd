package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Gives controllers of Spring WebFlux the customer. A request has one parameter that is one. */
final class ReactiveCustomerResolver implements HandlerMethodArgumentResolver {

    private final CustomerAuthenticator authenticator;
    private final PatronProperties properties;
    private final OwnPages ownPages;

    ReactiveCustomerResolver(CustomerAuthenticator authenticator, PatronProperties properties) {
        this.authenticator = authenticator;
        this.properties = properties;
        this.ownPages = new OwnPages(properties);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return CustomerParameter.is(parameter);
    }

    @Override
    public Mono<Object> resolveArgument(
            MethodParameter parameter, BindingContext bindingContext, ServerWebExchange exchange) {
        return bodyFields(exchange)
                // A guard or a session may be asked over the network.
                .publishOn(Schedulers.boundedElastic())
                .map(fields -> {
                    Optional<CurrentCustomer> found = authenticator.find(presented(exchange.getRequest(), fields));
                    return CustomerParameter.value(parameter, found, authenticator);
                });
    }

    private Mono<List<String>> bodyFields(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String type = CustomerParameter.text(request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE));
        if (!HttpMethod.POST.equals(request.getMethod())
                || !type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            return Mono.just(List.of());
        }
        return exchange.getFormData().map(form -> List.copyOf(form.getOrDefault(properties.bodyField(), List.of())));
    }

    private Presented presented(ServerHttpRequest request, List<String> fields) {
        HttpHeaders headers = request.getHeaders();
        return new Presented(
                headers.getOrEmpty(HttpHeaders.AUTHORIZATION),
                CustomerParameter.text(request.getURI().getRawPath()),
                CustomerParameter.text(request.getURI().getRawQuery()),
                fields,
                request.getCookies().getOrDefault(properties.session().cookieName(), List.of()).stream()
                        .map(cookie -> cookie.getValue())
                        .toList(),
                ownPages.send(headers.getFirst("Sec-Fetch-Site"), headers.getOrigin()));
    }
}
