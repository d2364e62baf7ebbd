package dev.patron.server.page;

import dev.patron.server.http.Exchange;
import dev.patron.server.store.Store;
import java.util.Optional;

/**
 * A request for a page of a store.
 *
 * @param visitor the signed-in customer, or empty for a guest
 */
public record PageRequest(Exchange exchange, Store store, Optional<Visitor> visitor) {}
