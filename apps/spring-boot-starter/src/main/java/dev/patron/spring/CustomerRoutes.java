package dev.patron.spring;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;

/**
 * The controllers' methods, and which of them take a customer. Thread-safe.
 *
 * @param <M> how Spring says which requests a method answers
 */
final class CustomerRoutes<M> {

    private record Route<M>(M mapping, boolean takesCustomer) {}

    private final List<Route<M>> routes;

    CustomerRoutes(Map<M, HandlerMethod> methods) {
        List<Route<M>> all = methods.entrySet().stream()
                .map(entry -> new Route<>(entry.getKey(), takesCustomer(entry.getValue())))
                .toList();
        this.routes = all.stream().anyMatch(Route::takesCustomer) ? all : List.of();
    }

    /**
     * Whether the method that answers a request takes a customer. Spring asks for the method with the best match; before it has,
     * this does the same.
     *
     * @param matching what of a mapping matches the request, or null
     * @param order the better match first
     */
    boolean takeCustomer(Function<M, @Nullable M> matching, Comparator<M> order) {
        List<Route<M>> candidates = routes.stream()
                .flatMap(route -> {
                    M match = matching.apply(route.mapping());
                    return match == null
                            ? Stream.<Route<M>>empty()
                            : Stream.of(new Route<>(match, route.takesCustomer()));
                })
                .sorted(Comparator.comparing(Route::mapping, order))
                .toList();
        return candidates.stream()
                .takeWhile(route ->
                        order.compare(route.mapping(), candidates.get(0).mapping()) == 0)
                .anyMatch(Route::takesCustomer);
    }

    private static boolean takesCustomer(HandlerMethod method) {
        for (MethodParameter parameter : method.getMethodParameters()) {
            if (CustomerParameter.isCustomer(parameter)) {
                return true;
            }
        }
        return false;
    }
}
