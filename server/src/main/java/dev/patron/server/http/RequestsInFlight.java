package dev.patron.server.http;

import dev.patron.server.options.ClientNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The requests that a listener is answering: so many at once, and so many of one network. Thread-safe. */
final class RequestsInFlight {

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final int all;
    private final int perNetwork;
    private final Semaphore free;
    private final Map<ClientNetwork, Integer> counts = new ConcurrentHashMap<>();

    RequestsInFlight(int all, int perNetwork) {
        this.all = all;
        this.perNetwork = perNetwork;
        this.free = new Semaphore(all);
    }

    /** One request that is being answered, until it is closed. */
    @FunctionalInterface
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Begins to answer a request.
     *
     * @param client who sent it; empty when that is not known, so that it counts for nobody
     * @throws RefusedException 503 when there are too many, 429 when that client has too many
     */
    Permit begin(Optional<InetAddress> client) {
        if (!free.tryAcquire()) {
            throw new RefusedException(Problem.UNAVAILABLE);
        }
        if (client.isEmpty()) {
            return free::release;
        }
        ClientNetwork network = ClientNetwork.of(client.get());
        if (counts.merge(network, 1, Integer::sum) > perNetwork) {
            end(network);
            throw new RefusedException(Problem.rateLimited(WAIT));
        }
        return () -> end(network);
    }

    private void end(ClientNetwork network) {
        counts.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
        free.release();
    }

    /** How many there are. */
    int count() {
        return all - free.availablePermits();
    }
}
