package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import dev.patron.server.options.ClientNetwork;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Receives request bodies within a bound of memory, and a bound for each network. Only what has been received counts, not
 * what was announced. When the memory is used up, a request gives way whose body is not complete, else an answer that its
 * client does not take. Thread-safe.
 */
final class RequestBodies {

    private static final byte[] NO_BODY = new byte[0];
    private static final int BLOCK = 8 * 1024;
    private static final int MOST_THAT_GIVE_WAY = 16;
    private static final long WAIT_MILLIS = 100;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maxBody;
    private final int mostPerNetwork;
    private final Semaphore memory;
    private final Connections connections;
    private final Map<ClientNetwork, Integer> perNetwork = new ConcurrentHashMap<>();

    /**
     * No bodies yet.
     *
     * @param maxBody the most bytes of a body
     * @param budget how many there are for all of them, and for those of one network; a body takes {@link
     *     MemoryBudget#BODY_WEIGHT} times its length
     */
    RequestBodies(int maxBody, MemoryBudget budget, Connections connections) {
        this.maxBody = maxBody;
        this.mostPerNetwork = budget.bodyBytesPerNetwork();
        this.memory = new Semaphore(budget.bodyBytes());
        this.connections = connections;
    }

    /** A body of which nothing has been received yet. */
    Body open(ClientConnection connection) {
        return new Body(connections.isProxy(connection) ? null : connection.network());
    }

    /** A body, and the memory that it takes until it is closed. */
    final class Body implements AutoCloseable {

        private final @Nullable ClientNetwork network;
        private byte[] bytes = NO_BODY;
        private int length;
        private int taken;

        private Body(@Nullable ClientNetwork network) {
            this.network = network;
        }

        byte[] bytes() {
            return bytes;
        }

        /**
         * Receives all of it.
         *
         * @throws ProblemException 503 when there is no memory for it, 429 when its network has too much of it already
         * @throws RequestException when it is malformed or too long
         * @throws CloseConnectionException when the client is gone
         */
        void receive(ServerRequest request) {
            if (!request.content().hasEntity()) {
                return;
            }
            int announced = (int) Math.min(
                    Math.min(BLOCK, maxBody), request.headers().contentLength().orElse(BLOCK));
            try (InputStream in = request.content().inputStream()) {
                int read = 0;
                while (read >= 0) {
                    length += read;
                    if (length == bytes.length) {
                        int next = in.read();
                        if (next < 0) {
                            break;
                        }
                        grow(Math.clamp(2L * length, announced, maxBody));
                        bytes[length++] = (byte) next;
                    }
                    read = length == bytes.length ? 0 : in.read(bytes, length, bytes.length - length);
                }
            } catch (RequestException | CloseConnectionException | ProblemException known) {
                throw known;
            } catch (IOException | RuntimeException cut) {
                throw new CloseConnectionException("The body cannot be read", cut);
            }
            if (length < bytes.length) {
                bytes = Arrays.copyOf(bytes, length);
            }
        }

        private void grow(int size) {
            int more = (size - bytes.length) * MemoryBudget.BODY_WEIGHT;
            countForNetwork(more);
            try {
                take(more);
            } catch (ProblemException refused) {
                countForNetwork(-more);
                throw refused;
            }
            taken += more;
            bytes = Arrays.copyOf(bytes, size);
        }

        private void countForNetwork(int change) {
            if (network == null) {
                return;
            }
            int now = perNetwork.merge(network, change, Integer::sum);
            if (change > 0 && now > mostPerNetwork) {
                countForNetwork(-change);
                throw new ProblemException(Problem.rateLimited(RETRY_AFTER));
            }
            perNetwork.remove(network, 0);
        }

        @Override
        public void close() {
            giveBack();
        }

        /** Gives its memory back before the end; to do so again changes nothing. */
        void giveBack() {
            if (taken > 0) {
                memory.release(taken);
                countForNetwork(-taken);
            }
            taken = 0;
            bytes = NO_BODY;
        }
    }

    private void take(int bytes) {
        try {
            for (int tries = 0; tries < MOST_THAT_GIVE_WAY; tries++) {
                if (memory.tryAcquire(bytes, tries == 0 ? 0 : WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (!connections.endIncompleteRequest() && !connections.endUntakenAnswer()) {
                    break;
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(Problem.UNAVAILABLE);
    }
}
