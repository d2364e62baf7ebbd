package dev.patron.server.http;

import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Receives request bodies within a bound of memory. Only what has been received counts, not what was announced. When the
 * memory is used up, requests whose bodies are not complete give way. Thread-safe.
 */
final class RequestBodies {

    private static final byte[] NO_BODY = new byte[0];
    private static final int BLOCK = 8 * 1024;
    private static final int MOST_THAT_GIVE_WAY = 16;
    private static final long WAIT_MILLIS = 100;

    private final int maxBody;
    private final Semaphore memory;
    private final Connections connections;

    /**
     * No bodies yet.
     *
     * @param maxBody the most bytes of a body
     * @param bytes how many there are for all of them; a body takes {@link MemoryBudget#BODY_WEIGHT} times its length
     */
    RequestBodies(int maxBody, int bytes, Connections connections) {
        this.maxBody = maxBody;
        this.memory = new Semaphore(bytes);
        this.connections = connections;
    }

    /** A body of which nothing has been received yet. */
    Body open() {
        return new Body();
    }

    /** A body, and the memory that it takes until it is closed. */
    final class Body implements AutoCloseable {

        private byte[] bytes = NO_BODY;
        private int length;
        private int taken;

        byte[] bytes() {
            return bytes;
        }

        /**
         * Receives all of it.
         *
         * @throws RefusedException 503 when there is no memory for it
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
            } catch (RequestException | CloseConnectionException | RefusedException known) {
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
            take(more);
            taken += more;
            bytes = Arrays.copyOf(bytes, size);
        }

        @Override
        public void close() {
            memory.release(taken);
        }
    }

    private void take(int bytes) {
        try {
            for (int tries = 0; tries < MOST_THAT_GIVE_WAY; tries++) {
                if (memory.tryAcquire(bytes, tries == 0 ? 0 : WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (!connections.endIncompleteRequest()) {
                    break;
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw new RefusedException(Problem.UNAVAILABLE);
    }
}
