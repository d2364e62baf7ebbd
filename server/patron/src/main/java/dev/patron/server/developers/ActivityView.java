package dev.patron.server.developers;

import dev.patron.server.app.App;
import dev.patron.server.audit.Cursor;
import dev.patron.server.audit.HourlyCount;
import dev.patron.server.audit.Page;
import dev.patron.server.audit.Refusal;
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
                    "The app is disabled, blocked, or barred at the store. Look at its settings, then ask the"
                            + " store's operator.";
                case "cross_site" ->
                    "A page of another origin asked. If it is a headless shop of yours, list its origin"
                            + " in the settings, where you see whether the store has approved it.";
                case "rate_limited" ->
                    "One session asked too often. Ask once for each use, and wait as Retry-After says.";
                case "unavailable" -> "The server was too busy or its storage away. Try again after Retry-After.";
                case "login_used" ->
                    "A login token was visited twice, or two had the same jti. Make one for each visit.";
                case "login_too_old" ->
                    "A login token was visited more than 30 seconds after its iat. Make it when you send the"
                            + " browser to the store, and compare your clock with the store's.";
                case "login_issued_in_the_future" ->
                    "The iat of a login token lies ahead: your clock is fast, or iat is not in seconds.";
                case "login_bad_signature" -> "A login token was not signed with a secret of this app.";
                case "login_unsupported_algorithm" -> "Login tokens have to be signed with HS256.";
                case "login_malformed" ->
                    "A login token cannot be read: it needs iat and a jti, and its redirect_to has to be a path.";
                case "login_wrong_operation" -> "The operation of a login token has to be customer_login.";
                case "login_wrong_store" -> "A login token named another store than the one that was visited.";
                case "login_expired", "login_not_yet_valid" -> "The exp or nbf of a login token did not allow it.";
                case "login_invalid_customer" -> "The customer_id of a login token has to be a number of 1 or more.";
                case "login_unknown_customer" ->
                    "The store has no such customer, or has disabled them. Look the customer up before.";
                case "login_other_address" ->
                    "The visitor's network address was not the request_ip. Behind a proxy it never is: leave it out.";
                case "login_unknown_channel" -> "The store has one channel, 1. Leave channel_id out.";
                case "login_app_not_allowed" ->
                    "The app is disabled, blocked, or barred at the store. Look at its settings, then ask the"
                            + " store's operator.";
                case "login_not_permitted" ->
                    "The store does not permit the app to sign customers in. Ask the store's operator.";
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
