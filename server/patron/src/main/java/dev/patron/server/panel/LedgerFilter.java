package dev.patron.server.panel;

import dev.patron.server.audit.DisclosureFilter;
import dev.patron.server.audit.Span;
import dev.patron.server.console.ConsoleRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What to look for in a ledger, as typed. Nothing typed is everything.
 *
 * @param from the first day, such as {@code 2026-11-23}, of UTC
 * @param to the last day
 * @param faults what is wrong, by form field
 */
public record LedgerFilter(String clientId, String customerId, String from, String to, Map<String, String> faults) {

    private static final String DAY = "Enter a day such as 2026-11-23.";

    static LedgerFilter of(ConsoleRequest request) {
        LedgerFilter typed = new LedgerFilter(
                request.parameter("client_id").strip(),
                request.parameter("customer_id").strip(),
                request.parameter("from").strip(),
                request.parameter("to").strip(),
                Map.of());
        return new LedgerFilter(typed.clientId, typed.customerId, typed.from, typed.to, typed.found());
    }

    private Map<String, String> found() {
        Map<String, String> found = new LinkedHashMap<>();
        if (!customerId.isEmpty() && !customerId.matches("[1-9][0-9]{0,17}")) {
            found.put("customer_id", "Enter the number of a customer, such as 4927.");
        }
        Optional<Instant> first = day(from);
        Optional<Instant> last = day(to);
        if (!from.isEmpty() && first.isEmpty()) {
            found.put("from", DAY);
        }
        if (!to.isEmpty() && last.isEmpty()) {
            found.put("to", DAY);
        } else if (first.isPresent() && last.isPresent() && last.get().isBefore(first.get())) {
            found.put("to", "Enter a day that is not before the first one.");
        }
        return found;
    }

    /** What it asks the ledger for; only without faults. */
    DisclosureFilter wanted() {
        DisclosureFilter wanted = DisclosureFilter.ALL.within(new Span(
                day(from).orElse(Span.ALWAYS.from()),
                day(to).map(last -> last.atOffset(ZoneOffset.UTC).plusDays(1).toInstant())
                        .orElse(Span.ALWAYS.to())));
        if (!clientId.isEmpty()) {
            wanted = wanted.to(clientId);
        }
        return customerId.isEmpty() ? wanted : wanted.about(Long.parseLong(customerId));
    }

    /** Whether it leaves something out. */
    public boolean isSet() {
        return !query().isEmpty();
    }

    /** As it stands in a link: without {@code ?}, and empty when nothing was typed. */
    public String query() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("client_id", clientId);
        parts.put("customer_id", customerId);
        parts.put("from", from);
        parts.put("to", to);
        return parts.entrySet().stream()
                .filter(part -> !part.getValue().isEmpty())
                .map(part -> part.getKey() + "=" + URLEncoder.encode(part.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** The beginning of a day within the years that the ledger knows. */
    private static Optional<Instant> day(String text) {
        try {
            Instant start = LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            return start.isBefore(Span.ALWAYS.from()) || start.isAfter(Instant.parse("8999-12-30T00:00:00Z"))
                    ? Optional.empty()
                    : Optional.of(start);
        } catch (DateTimeParseException malformed) {
            return Optional.empty();
        }
    }
}
