package dev.patron.server.api;

import dev.patron.server.access.Action;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.HourlyCount;
import dev.patron.server.audit.Span;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code /api/v1/apps/{client_id}/activity}: how often an app got its tokens, and why it did not. */
final class ActivityApi {

    private static final Duration USUAL = Duration.ofDays(1);

    private final Activity activity;
    private final InstantSource clock;

    ActivityApi(Activity activity, InstantSource clock) {
        this.activity = activity;
        this.clock = clock;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", AppsApi.PATH + "/*/activity", guard.app(Action.SEE_APP, this::show));
    }

    private void show(Exchange exchange) {
        Span span = span(exchange);
        String clientId = exchange.segment(AppsApi.CLIENT_ID);
        List<HourlyCount> counts = activity.countsOfApp(clientId, span);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("client_id", clientId);
        members.put("from", span.from().toString());
        members.put("to", span.to().toString());
        members.put(
                "issued",
                counts.stream()
                        .filter(ActivityApi::isIssued)
                        .mapToLong(HourlyCount::times)
                        .sum());
        members.put("refusals", refusals(counts));
        members.put("hours", counts.stream().map(ActivityApi::members).toList());
        exchange.sendJson(200, Json.write(members));
    }

    /** Whole hours at its beginning, as they are counted. */
    private Span span(Exchange exchange) {
        Optional<Instant> end = Paging.moment(exchange, "to");
        Optional<Instant> beginning = Paging.moment(exchange, "from");
        // Up to now means with what is counted in this very moment.
        Instant to = end.orElseGet(
                () -> clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(1, ChronoUnit.SECONDS));
        Instant from = beginning.orElseGet(() -> to.minus(USUAL)).truncatedTo(ChronoUnit.HOURS);
        if (to.isBefore(from)) {
            throw Body.invalid("to must not be before from.");
        }
        Span span = new Span(from, to);
        if (span.length().compareTo(Activity.LONGEST) > 0) {
            throw Body.invalid("from and to must be at most " + Activity.LONGEST.toDays()
                    + " days apart: ask for a longer time in parts.");
        }
        return span;
    }

    private static boolean isIssued(HourlyCount count) {
        return count.outcome().equals(HourlyCount.ISSUED);
    }

    /** By reason, the most frequent first. */
    private static List<Map<String, Object>> refusals(List<HourlyCount> counts) {
        Map<String, Long> times = counts.stream()
                .filter(count -> !isIssued(count))
                .collect(Collectors.groupingBy(HourlyCount::outcome, Collectors.summingLong(HourlyCount::times)));
        return times.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(reason -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("reason", reason.getKey());
                    members.put("times", reason.getValue());
                    return members;
                })
                .toList();
    }

    private static Map<String, Object> members(HourlyCount count) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("begins_at", count.hour().toString());
        members.put("store_hash", count.storeHash());
        members.put("outcome", count.outcome());
        members.put("times", count.times());
        return members;
    }
}
