package dev.patron.server.developers;

import dev.patron.server.app.App;
import dev.patron.server.ledger.Cursor;
import dev.patron.server.ledger.HourlyCount;
import dev.patron.server.ledger.Page;
import dev.patron.server.ledger.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was issued and refused for an app.
 *
 * @param hours each of the last 24 hours, the oldest first, whether or not anything was asked
 * @param reasons why tokens were refused, the most frequent first
 * @param refusals a page of single refusals, the latest first
 * @param older whether the page is not the first
 */
public record ActivityView(App app, List<Hour> hours, List<Reason> reasons, Page<Refusal> refusals, boolean older) {

    static final int HOURS = 24;

    private static final int BAR_WIDTH = 22;
    private static final int SLOT_WIDTH = 30;
    private static final int LEFT = 48;
    private static final int TOP = 16;
    private static final int HEIGHT = 160;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.UK).withZone(ZoneOffset.UTC);

    /** What came of the requests of an hour. */
    public record Hour(Instant start, long issued, long refused) {

        /** When it began, UTC. */
        public String label() {
            return TIME.format(start);
        }
    }

    /** How often tokens were refused for a reason. */
    public record Reason(String id, long times) {

        /** What the developer can do. */
        public String advice() {
            return switch (id) {
                case "not_signed_in" -> "Nobody was signed in. That is usual: let the page treat 404 as a guest.";
                case "unknown_app" ->
                    "The app is disabled, or barred at the store. Look at its settings, then ask the"
                            + " store's operator.";
                case "cross_site" ->
                    "A page of another origin asked. If it is a headless shop of yours, list its origin"
                            + " in the settings.";
                case "rate_limited" ->
                    "One session asked too often. Ask once for each use, and wait as Retry-After says.";
                case "unavailable" -> "The server was too busy or its storage away. Try again after Retry-After.";
                default -> "The endpoint's documentation says when this is answered.";
            };
        }
    }

    /** The last 24 hours before a moment, from counts of hours that have any. */
    static List<Hour> hours(Instant now, List<HourlyCount> counts) {
        Map<Instant, List<HourlyCount>> byHour = counts.stream().collect(Collectors.groupingBy(HourlyCount::hour));
        Instant first = first(now);
        List<Hour> hours = new ArrayList<>();
        for (int i = 0; i < HOURS; i++) {
            Instant start = first.plus(Duration.ofHours(i));
            long issued = 0;
            long refused = 0;
            for (HourlyCount count : byHour.getOrDefault(start, List.of())) {
                if (count.outcome().equals(HourlyCount.ISSUED)) {
                    issued += count.times();
                } else {
                    refused += count.times();
                }
            }
            hours.add(new Hour(start, issued, refused));
        }
        return hours;
    }

    static List<Reason> reasons(List<HourlyCount> counts) {
        return counts.stream()
                .filter(count -> !count.outcome().equals(HourlyCount.ISSUED))
                .collect(Collectors.groupingBy(HourlyCount::outcome, Collectors.summingLong(HourlyCount::times)))
                .entrySet()
                .stream()
                .map(reason -> new Reason(reason.getKey(), reason.getValue()))
                .sorted(Comparator.comparingLong(Reason::times).reversed().thenComparing(Reason::id))
                .toList();
    }

    /** When the first of the hours begins. */
    static Instant first(Instant now) {
        return now.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(HOURS - 1L));
    }

    /** How many tokens were issued. */
    public long issued() {
        return hours.stream().mapToLong(Hour::issued).sum();
    }

    /** How many were refused. */
    public long refused() {
        return hours.stream().mapToLong(Hour::refused).sum();
    }

    /** The top of the chart's scale: 1, 2 or 5 with zeros, and at least the busiest hour. */
    public long top() {
        long busiest = hours.stream()
                .mapToLong(hour -> hour.issued() + hour.refused())
                .max()
                .orElse(0);
        long power = 1;
        while (power * 10 <= busiest) {
            power *= 10;
        }
        return busiest <= power
                ? power
                : busiest <= 2 * power ? 2 * power : busiest <= 5 * power ? 5 * power : 10 * power;
    }

    /** A bar of the chart. */
    public record Bar(int x, double y, int width, double height, boolean refusals) {}

    /** The chart's bars: what was refused stands on what was issued. */
    public List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < hours.size(); i++) {
            Hour hour = hours.get(i);
            double issued = scaled(hour.issued());
            double refused = scaled(hour.refused());
            if (issued > 0) {
                bars.add(new Bar(x(i), TOP + HEIGHT - issued, BAR_WIDTH, issued, false));
            }
            if (refused > 0) {
                bars.add(new Bar(x(i), TOP + HEIGHT - issued - refused, BAR_WIDTH, refused, true));
            }
        }
        return bars;
    }

    /** Where the bar of an hour begins. */
    public int x(int hour) {
        return LEFT + hour * SLOT_WIDTH;
    }

    /** Where older refusals are, if there are any. */
    public Optional<String> next() {
        return refusals.next().map(Cursor::text);
    }

    private double scaled(long times) {
        return Math.round(10.0 * HEIGHT * times / top()) / 10.0;
    }
}
