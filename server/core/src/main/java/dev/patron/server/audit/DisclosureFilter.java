package dev.patron.server.audit;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which disclosures of a store to look at.
 *
 * @param clientId those to one app, or to all
 * @param customerId those about one customer, or about all
 */
public record DisclosureFilter(Optional<String> clientId, OptionalLong customerId, Span span) {

    /** All of them. */
    public static final DisclosureFilter ALL =
            new DisclosureFilter(Optional.empty(), OptionalLong.empty(), Span.ALWAYS);

    /** Those to one app. */
    public DisclosureFilter to(String app) {
        return new DisclosureFilter(Optional.of(app), customerId, span);
    }

    /** Those about one customer. */
    public DisclosureFilter about(long customer) {
        return new DisclosureFilter(clientId, OptionalLong.of(customer), span);
    }

    /** Those of some time. */
    public DisclosureFilter within(Span time) {
        return new DisclosureFilter(clientId, customerId, time);
    }
}
