package dev.patron.server.storefront;

import dev.patron.endpoint.CurrentCustomerEndpoint;
import dev.patron.endpoint.EndpointAnswer;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.issuance.ServerStorefront;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.metrics.Metrics.Stage;
import dev.patron.server.metrics.Metrics.Timing;

/** Serves the endpoint, whose rules are those of {@link CurrentCustomerEndpoint}, and counts and times what it answers. */
public final class CurrentJwt implements Handler {

    private final CurrentCustomerEndpoint endpoint;
    private final Metrics metrics;

    /** The endpoint of a server's stores. */
    public CurrentJwt(ServerStorefront storefront, Metrics metrics) {
        this.endpoint = new CurrentCustomerEndpoint(storefront);
        this.metrics = metrics;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.send(answer(exchange));
    }

    private EndpointAnswer answer(Exchange exchange) {
        try (Timing _ = metrics.time(Stage.WHOLE)) {
            EndpointAnswer answer = endpoint.answer(exchange);
            if (answer.problemId() == null && !exchange.method().equals("HEAD")) {
                metrics.issued();
            }
            return answer;
        }
    }
}
