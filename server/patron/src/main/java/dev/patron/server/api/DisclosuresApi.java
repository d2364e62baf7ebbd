package dev.patron.server.api;

import dev.patron.server.access.Action;
import dev.patron.server.audit.Cursor;
import dev.patron.server.audit.Disclosure;
import dev.patron.server.audit.DisclosureFilter;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.audit.Page;
import dev.patron.server.audit.Span;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Routes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/stores/{store_hash}/disclosures}: which app was told what about whom. */
final class DisclosuresApi {

    private static final String LIST = StoresApi.PATH + "/*/disclosures";

    private final Disclosures disclosures;

    DisclosuresApi(Disclosures disclosures) {
        this.disclosures = disclosures;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", LIST, guard.store(Action.SEE_LEDGER, this::list));
    }

    private void list(Exchange exchange) {
        Paging paging = Paging.of(exchange);
        Page<Disclosure> page = disclosures.ofStore(
                exchange.segment(StoresApi.STORE_HASH),
                filter(exchange),
                paging.start(Cursor.START, Cursor::parse),
                paging.limit());
        paging.answer(
                exchange,
                "disclosures",
                page.items().stream().map(DisclosuresApi::members).toList(),
                page.next().map(Cursor::text).orElse(null));
    }

    private static DisclosureFilter filter(Exchange exchange) {
        Instant from = Paging.moment(exchange, "from").orElse(Span.ALWAYS.from());
        Instant to = Paging.moment(exchange, "to").orElse(Span.ALWAYS.to());
        if (to.isBefore(from)) {
            throw Body.invalid("to must not be before from.");
        }
        DisclosureFilter filter = DisclosureFilter.ALL.within(new Span(from, to));
        Optional<String> app = Paging.parameter(exchange, "client_id");
        if (app.isPresent()) {
            filter = filter.to(app.get());
        }
        Optional<Long> customer = Paging.number(exchange, "customer_id");
        return customer.isPresent() ? filter.about(customer.get()) : filter;
    }

    private static Map<String, Object> members(Disclosure disclosure) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("disclosed_at", disclosure.at().toString());
        members.put("client_id", disclosure.clientId());
        members.put(
                "customer_id",
                disclosure.customerId().isPresent() ? disclosure.customerId().getAsLong() : null);
        members.put("claims", disclosure.claims());
        members.put("secret_id", disclosure.secretId());
        return members;
    }
}
