package dev.patron.server.api;

import dev.patron.server.access.Action;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Routes;
import dev.patron.server.metrics.Metrics;

/** {@code /api/v1/metrics}, for Prometheus; with the operator token, or an operator's access token. */
final class MetricsApi {

    private final Metrics metrics;

    MetricsApi(Metrics metrics) {
        this.metrics = metrics;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", "/api/v1/metrics", guard.server(Action.EXAMINE, this::show));
    }

    private void show(Exchange exchange) {
        exchange.send(200, Metrics.CONTENT_TYPE, metrics.write());
    }
}
