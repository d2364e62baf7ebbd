package dev.patron.server.page;

import dev.patron.server.customer.Customers;
import dev.patron.server.http.Exchange;
import dev.patron.server.session.LastSeen;
import dev.patron.server.session.SessionCookie;
import dev.patron.server.session.Sessions;
import dev.patron.server.store.Store;
import java.time.InstantSource;
import java.util.Optional;

/** Says who looks at a page. Thread-safe. */
public final class Visitors {

    private final Sessions sessions;
    private final Customers customers;
    private final LastSeen lastSeen;
    private final InstantSource clock;

    /** Looks visitors up in their sessions. */
    public Visitors(Sessions sessions, Customers customers, LastSeen lastSeen, InstantSource clock) {
        this.sessions = sessions;
        this.customers = customers;
        this.lastSeen = lastSeen;
        this.clock = clock;
    }

    /** The signed-in customer of this store who sends the request, if any. */
    Optional<Visitor> of(Exchange exchange, Store store) {
        return SessionCookie.read(exchange.cookies())
                .flatMap(id -> sessions.find(store.hash(), id)
                        .flatMap(session -> {
                            lastSeen.note(id.hash(), session.lastSeenAt(), clock.instant());
                            return customers.findByKey(session.customerKey());
                        })
                        .filter(customer -> !customer.disabled())
                        .map(customer -> new Visitor(customer, id)));
    }
}
