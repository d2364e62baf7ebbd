package dev.patron.server.page;

import dev.patron.endpoint.Problem;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.store.Store;
import java.util.Optional;

/**
 * A request for a page of a store.
 *
 * @param visitor the signed-in customer, or empty for a guest
 */
public record PageRequest(Exchange exchange, Store store, Optional<Visitor> visitor) {

    /**
     * Refuses a change of state that a page of another origin asks for.
     *
     * @throws ProblemException 403 {@code cross_site}
     */
    public void requireOwnOrigin() {
        if (!exchange.origin().isOwn(exchange.authority(), store.scheme())) {
            throw new ProblemException(Problem.CROSS_SITE);
        }
    }
}
