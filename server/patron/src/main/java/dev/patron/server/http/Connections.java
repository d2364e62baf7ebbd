package dev.patron.server.http;

import dev.patron.server.http.ClientConnection.Phase;
import dev.patron.server.options.ClientNetwork;
import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The open connections of one listener, within bounds: so many together, so many from one network, and so many whose
 * request is not complete yet. When there are more, one gives way: first one from which nothing has come, then one that
 * waits for a further request, then one whose request is not complete, then one whose client does not take its answer; of
 * the network that has most of them, the oldest. One whose request is being answered never gives way, and none gives way to
 * a connection of another network that has as many already. An eighth of them is for networks that have no other one.
 * Thread-safe.
 *
 * <p>It closes connections, too, whose client takes too long to send a request, or to take its answer. That time is counted
 * in calls of {@link #enforceDeadlines}. While this process stands still, for a pause of the machine or a step of its
 * clock, nobody calls, so no client is cut off for it.
 */
final class Connections implements ServerConnectionSelector {

    /** Why a connection was closed by the server: the label of a metric. */
    enum Reason {
        /** The client took too long to send a request, or to take its answer. */
        TOO_SLOW,
        /** It gave way to another one. */
        GAVE_WAY,
        /** Its network has too many. */
        TOO_MANY_FROM_NETWORK,
        /** The listener was full of requests that are being answered. */
        FULL;

        /** The value of the metric's label. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How much at once, and how long.
     *
     * @param all the most connections
     * @param perNetwork the most from one network
     * @param incomplete the most whose request is not complete yet
     * @param patience how long a client may take to send a request, and to take the answer
     */
    record Bounds(int all, int perNetwork, int incomplete, Duration patience) {}

    /** How often {@link #enforceDeadlines} is to be called. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    /** In the order in which they give way. */
    private static final List<Phase> EVERYTHING_BUT_ANSWERING =
            List.of(Phase.SILENT, Phase.IDLE, Phase.RECEIVING, Phase.SENDING);

    private final Bounds bounds;
    private final RequestFraming.Bounds framing;
    private final Predicate<InetAddress> isProxy;
    private final Consumer<Reason> closed;
    private final Http1ConnectionSelector http;
    private final long patience;
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger incomplete = new AtomicInteger();
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<ClientNetwork, Set<ClientConnection>> perNetwork = new ConcurrentHashMap<>();
    private final ReentrantLock admission = new ReentrantLock();

    /**
     * No connections yet.
     *
     * @param isProxy whether an address is that of a proxy, which has the connections of many clients
     * @param closed is told why the server closes a connection
     */
    Connections(
            Bounds bounds,
            RequestFraming.Bounds framing,
            Http1Config http,
            Predicate<InetAddress> isProxy,
            Consumer<Reason> closed) {
        this.bounds = bounds;
        this.framing = framing;
        this.isProxy = isProxy;
        this.closed = closed;
        this.http = Http1ConnectionSelector.builder().config(http).build();
        this.patience = Math.ceilDiv(bounds.patience().toMillis(), INTERVAL.toMillis());
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new ClientConnection(context, this, http, new RequestFraming(framing));
    }

    /** How many are open. */
    int count() {
        return open.size();
    }

    /** Whether a connection is of a proxy, and so of many clients. */
    boolean isProxy(ClientConnection connection) {
        return isProxy.test(connection.address());
    }

    /** Adds a connection, for which another one may have to give way; false when there is no room for it. */
    boolean admit(ClientConnection added) {
        admission.lock();
        try {
            Set<ClientConnection> neighbours = neighbours(added);
            if (neighbours.size() >= bounds.perNetwork() && !makeRoom(neighbours, EVERYTHING_BUT_ANSWERING)) {
                closed.accept(Reason.TOO_MANY_FROM_NETWORK);
                return false;
            }
            int most = neighbours.isEmpty() ? bounds.all() : bounds.all() - bounds.all() / 8;
            if (open.size() >= most && !makeRoomFor(added)) {
                closed.accept(Reason.FULL);
                return false;
            }
            open.add(added);
            if (!isProxy(added)) {
                perNetwork.compute(added.network(), (_, known) -> {
                    Set<ClientConnection> connections = known == null ? ConcurrentHashMap.newKeySet() : known;
                    connections.add(added);
                    return connections;
                });
            }
            return true;
        } finally {
            admission.unlock();
        }
    }

    /** Removes a connection, which may have been removed already. */
    void remove(ClientConnection connection) {
        open.remove(connection);
        perNetwork.computeIfPresent(connection.network(), (_, connections) -> {
            connections.remove(connection);
            return connections.isEmpty() ? null : connections;
        });
    }

    /** A request has begun, and is not complete: one of them gives way when there are too many. */
    void beginsRequest() {
        if (incomplete.incrementAndGet() > bounds.incomplete()) {
            var _ = endIncompleteRequest();
        }
    }

    /** A request that was not complete is complete, or its connection has ended. */
    void endsRequest() {
        incomplete.decrementAndGet();
    }

    /** Has a connection give way whose request is not complete; false when there is none. */
    boolean endIncompleteRequest() {
        return makeRoom(Phase.RECEIVING);
    }

    /** Has a connection give way whose client has not taken its answer yet; false when there is none. */
    boolean endUntakenAnswer() {
        return makeRoom(Phase.SENDING);
    }

    private boolean makeRoom(Phase phase) {
        admission.lock();
        try {
            return makeRoom(open, List.of(phase));
        } finally {
            admission.unlock();
        }
    }

    /** Has a connection give way to a further one: no network gets more of them at the cost of one that has fewer. */
    private boolean makeRoomFor(ClientConnection added) {
        int count = neighbours(added).size();
        List<ClientConnection> candidates = open.stream()
                .filter(candidate -> isProxy(candidate)
                        || candidate.network().equals(added.network())
                        || neighbours(candidate).size() > count)
                .toList();
        return makeRoom(candidates, EVERYTHING_BUT_ANSWERING);
    }

    private boolean makeRoom(Collection<ClientConnection> among, List<Phase> phases) {
        for (Phase phase : phases) {
            // One that has left the phase meanwhile is not closed, and another one is looked for.
            Optional<ClientConnection> first = first(among, phase);
            while (first.isPresent()) {
                if (close(first.get(), phase, Reason.GAVE_WAY)) {
                    return true;
                }
                first = first(among, phase);
            }
        }
        return false;
    }

    /** Of the connections in a phase, the one that gives way first: of the network that has most, the oldest. */
    private Optional<ClientConnection> first(Collection<ClientConnection> among, Phase phase) {
        return among.stream()
                .filter(connection -> connection.phase() == phase)
                .max(Comparator.<ClientConnection>comparingInt(
                                connection -> neighbours(connection).size())
                        .thenComparing(Comparator.comparingLong(ClientConnection::since)
                                .reversed()));
    }

    /** The open connections of a connection's network. A proxy's are not counted, so the set is empty and they give way last. */
    private Set<ClientConnection> neighbours(ClientConnection connection) {
        return perNetwork.getOrDefault(connection.network(), Set.of());
    }

    private boolean close(ClientConnection connection, Phase phase, Reason reason) {
        if (!connection.closeDuring(phase)) {
            return false;
        }
        remove(connection);
        closed.accept(reason);
        return true;
    }

    /** The present, in calls of {@link #enforceDeadlines}. */
    long now() {
        return now.get();
    }

    /** Closes the connections that are past their deadline; to be called each {@link #INTERVAL}. */
    void enforceDeadlines() {
        long call = now.incrementAndGet();
        for (ClientConnection connection : open) {
            Phase phase = connection.phase();
            if (phase != Phase.IDLE && connection.since() + patience < call) {
                var _ = close(connection, phase, Reason.TOO_SLOW);
            }
        }
    }
}
