package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import dev.patron.server.options.ClientNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a listener is answering: so many at once, and so many of one network. An eighth of them is for networks
 * that have no other one. When there are more, a connection gives way whose client does not take its answer. A request of a
 * network that has no other one waits for a place, two seconds at most. Thread-safe.
 */
final class RequestsInFlight {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long WAIT_MILLIS = 100;
    private static final int NEWCOMERS_WAITS = 20;

    private final int all;
    private final int perNetwork;
    private final Connections connections;
    private final Semaphore forEverybody;
    private final Semaphore forNewcomers;
    private final Map<ClientNetwork, Integer> counts = new ConcurrentHashMap<>();

    RequestsInFlight(int all, int perNetwork, Connections connections) {
        this.all = all;
        this.perNetwork = perNetwork;
        this.connections = connections;
        this.forNewcomers = new Semaphore(all / 8);
        this.forEverybody = new Semaphore(all - all / 8);
    }

    /** The place of a request that is being answered, until it is closed. Belongs to the request's thread. */
    final class Permit implements AutoCloseable {

        private final Semaphore place;
        private final @Nullable ClientNetwork network;
        private boolean closed;

        private Permit(Semaphore place, @Nullable ClientNetwork network) {
            this.place = place;
            this.network = network;
        }

        @Override
        public void close() {
            giveBack();
        }

        /** Gives the place back before the end; to do so again changes nothing. */
        void giveBack() {
            if (closed) {
                return;
            }
            closed = true;
            place.release();
            if (network != null) {
                end(network);
            }
        }
    }

    /**
     * Begins to answer a request.
     *
     * @param client who sent it; empty when that is not known, so that it counts for nobody
     * @throws ProblemException 503 when there are too many, 429 when that client has too many
     */
    Permit begin(Optional<InetAddress> client) {
        if (client.isEmpty()) {
            return new Permit(place(null), null);
        }
        ClientNetwork network = ClientNetwork.of(client.get());
        int count = counts.merge(network, 1, Integer::sum);
        try {
            if (count > perNetwork) {
                throw new ProblemException(Problem.rateLimited(RETRY_AFTER));
            }
            return new Permit(place(network), network);
        } catch (ProblemException refused) {
            end(network);
            throw refused;
        }
    }

    private void end(ClientNetwork network) {
        counts.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Where a place was taken, and has to be given back. */
    private Semaphore place(@Nullable ClientNetwork network) {
        try {
            for (int waits = 0; waits <= NEWCOMERS_WAITS; waits++) {
                if (forEverybody.tryAcquire(waits == 0 ? 0 : WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return forEverybody;
                }
                // Asked each time: a client sends its next request when its last one has been answered, a moment before
                // that one ends.
                boolean isNewcomer = network != null && counts.getOrDefault(network, 0) == 1;
                if (isNewcomer && forNewcomers.tryAcquire()) {
                    return forNewcomers;
                }
                // A newcomer waits even so: others may have ended the last one, and its place comes free in a moment.
                boolean mayComeFree = connections.endUntakenAnswer() && waits == 0;
                if (!isNewcomer && !mayComeFree) {
                    break;
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(Problem.UNAVAILABLE);
    }

    /** How many there are. */
    int count() {
        return all - forEverybody.availablePermits() - forNewcomers.availablePermits();
    }
}
