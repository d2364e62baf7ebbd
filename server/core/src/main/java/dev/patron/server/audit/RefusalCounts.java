package dev.patron.server.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts refusals until they are written. Whoever is refused chose the host and the client id, so both are only claims
 * until storage was asked: they take bounded room here, and those that storage knows have room when others do not.
 * Thread-safe.
 */
final class RefusalCounts {

    /** How many kinds of refusals are told apart between two writes while anything goes. */
    static final int CAPACITY = 1_000;

    /** How many there are at most, of known hosts and apps. Beyond, only the reason is told apart. */
    static final int MOST = 20_000;

    /** How many events of a second are kept, and how many of them may name a host or an app that is not known. */
    static final int EVENTS_PER_SECOND = 20;

    static final int STRANGERS_PER_SECOND = 5;

    private static final int EVENTS_WAITING = 10_000;

    /** What is counted together. */
    record Kind(Instant hour, String host, String clientId, String reason) {}

    /** One refusal. */
    record Event(Instant at, String host, String clientId, String reason) {}

    /** What was counted since the last time. */
    record Taken(Map<Kind, Long> counts, List<Event> events) {
        static final Taken NOTHING = new Taken(Map.of(), List.of());

        boolean isEmpty() {
            return size() == 0;
        }

        int size() {
            return counts.size() + events.size();
        }

        /** Counts and events apart, or one half of them and the rest. */
        List<Taken> halves() {
            if (!counts.isEmpty() && !events.isEmpty()) {
                return List.of(new Taken(counts, List.of()), new Taken(Map.of(), events));
            }
            Map<Kind, Long> first = new HashMap<>();
            Map<Kind, Long> rest = new HashMap<>();
            counts.forEach((kind, times) -> (first.size() < counts.size() / 2 ? first : rest).put(kind, times));
            int half = events.size() / 2;
            return List.of(
                    new Taken(first, events.subList(0, half)), new Taken(rest, events.subList(half, events.size())));
        }
    }

    private Map<Kind, Long> counts = new HashMap<>();
    private List<Event> events = new ArrayList<>();
    private Set<String> known = Set.of();

    private Instant second = Instant.EPOCH;
    private int strangers;
    private final Set<Kind> seen = new HashSet<>();

    synchronized void count(Instant at, String host, String clientId, String reason) {
        counts.merge(bounded(new Kind(at.truncatedTo(ChronoUnit.HOURS), host, clientId, reason)), 1L, Long::sum);
        if (isKept(at, host, clientId, reason)) {
            events.add(new Event(at.truncatedTo(ChronoUnit.MILLIS), host, clientId, reason));
        }
    }

    /** Takes everything out. */
    synchronized Taken take() {
        Taken taken = new Taken(counts, events);
        counts = new HashMap<>();
        events = new ArrayList<>();
        return taken;
    }

    /** Says which hosts and client ids there are, of those that were taken last. */
    synchronized void know(Set<String> hosts, Set<String> clientIds) {
        Set<String> all = new HashSet<>(known.size() + hosts.size() < MOST ? known : Set.of());
        all.addAll(hosts);
        all.addAll(clientIds);
        known = all;
    }

    private Kind bounded(Kind kind) {
        if (counts.size() < CAPACITY || counts.containsKey(kind)) {
            return kind;
        }
        Kind certain = new Kind(kind.hour(), ifKnown(kind.host()), ifKnown(kind.clientId()), kind.reason());
        return counts.size() < MOST || counts.containsKey(certain)
                ? certain
                : new Kind(kind.hour(), "", "", kind.reason());
    }

    private String ifKnown(String name) {
        return known.contains(name) ? name : "";
    }

    /** One of a kind and second; the first are kept. */
    private boolean isKept(Instant at, String host, String clientId, String reason) {
        Instant now = at.truncatedTo(ChronoUnit.SECONDS);
        if (!now.equals(second)) {
            second = now;
            strangers = 0;
            seen.clear();
        }
        Kind kind = new Kind(now, host, clientId, reason);
        if (events.size() >= EVENTS_WAITING || seen.size() >= EVENTS_PER_SECOND || seen.contains(kind)) {
            return false;
        }
        boolean stranger = !known.contains(host) || !(clientId.isEmpty() || known.contains(clientId));
        if (stranger && strangers >= STRANGERS_PER_SECOND) {
            return false;
        }
        strangers += stranger ? 1 : 0;
        return seen.add(kind);
    }
}
