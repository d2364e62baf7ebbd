package dev.patron.server.api;

import dev.patron.server.audit.Span;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for: {@code limit}, 1 to 100 items, 50 when left out, and {@code after}, the {@code next} of the
 * part before it.
 */
record Paging(int limit, Optional<String> after) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]{1,64}");

    /** The part that a request asks for. */
    static Paging of(Exchange exchange) {
        String limit = parameter(exchange, "limit").orElse(Integer.toString(DEFAULT_LIMIT));
        if (!limit.matches("[0-9]{1,3}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > MAX_LIMIT) {
            throw Body.invalid("limit must be a whole number from 1 to " + MAX_LIMIT + ".");
        }
        return new Paging(Integer.parseInt(limit), parameter(exchange, "after"));
    }

    /** A query parameter that was sent once, and is not empty. */
    static Optional<String> parameter(Exchange exchange, String name) {
        List<String> values = exchange.query(name);
        if (values.size() > 1) {
            throw Body.invalid(name + " must be there at most once.");
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** A query parameter that is the number of something. */
    static Optional<Long> number(Exchange exchange, String name) {
        return parameter(exchange, name).map(text -> {
            if (!text.matches("[0-9]{1,18}")) {
                throw Body.invalid(name + " must be a whole number.");
            }
            return Long.valueOf(text);
        });
    }

    /** A query parameter that is a moment, in the way of RFC 3339. */
    static Optional<Instant> moment(Exchange exchange, String name) {
        return parameter(exchange, name).map(text -> {
            try {
                Instant moment = Instant.parse(text);
                if (!moment.isBefore(Span.ALWAYS.from()) && !moment.isAfter(Span.ALWAYS.to())) {
                    return moment;
                }
            } catch (DateTimeParseException malformed) {
                // Refused below, like a moment that is too far away.
            }
            throw Body.invalid(name + " must be a moment such as 2026-11-23T09:00:00Z.");
        });
    }

    /**
     * Where the part begins.
     *
     * @param parse from the text of a {@code next}, empty when it is none
     */
    <T> T start(T beginning, Function<String, Optional<T>> parse) {
        return after.map(text -> parse.apply(text)
                        .orElseThrow(() -> Body.invalid("after must be the next of another answer of this list.")))
                .orElse(beginning);
    }

    /**
     * Answers with a part of a list.
     *
     * @param next where the list goes on, or null at its end; it is in the body, and as a link in the header too (RFC 8288)
     */
    void answer(Exchange exchange, String name, List<Map<String, Object>> items, @Nullable String next) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(name, items);
        members.put("next", next);
        if (next != null) {
            exchange.with("Link", "<" + exchange.rawPath() + "?" + query(exchange, next) + ">; rel=\"next\"");
        }
        exchange.sendJson(200, Json.write(members));
    }

    /**
     * Answers with a part of a list that is short enough to be read as a whole.
     *
     * @param key what the list is ordered by: letters and digits, another for each item
     */
    <T> void answer(
            Exchange exchange,
            String name,
            Stream<T> all,
            Function<T, String> key,
            Function<T, Map<String, Object>> members) {
        String start = start("", text -> KEY.matcher(text).matches() ? Optional.of(text) : Optional.empty());
        List<T> found = all.filter(item -> key.apply(item).compareTo(start) > 0)
                .sorted(Comparator.comparing(key))
                .limit(limit + 1L)
                .toList();
        boolean more = found.size() > limit;
        List<T> shown = more ? found.subList(0, limit) : found;
        answer(exchange, name, shown.stream().map(members).toList(), more ? key.apply(shown.getLast()) : null);
    }

    private String query(Exchange exchange, String next) {
        List<String> parts = new ArrayList<>();
        for (String name : List.of("q", "customer_id", "client_id", "from", "to")) {
            parameter(exchange, name).ifPresent(value -> parts.add(part(name, value)));
        }
        parts.add(part("limit", Integer.toString(limit)));
        parts.add(part("after", next));
        return String.join("&", parts);
    }

    private static String part(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
