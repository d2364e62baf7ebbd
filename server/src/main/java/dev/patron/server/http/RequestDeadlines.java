package dev.patron.server.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes connections whose client takes too long to send a request, or to take its answer. The HTTP library limits how
 * long a connection may idle between requests, but a client that sends a header byte now and then, or reads nothing,
 * would keep one for ever. Thread-safe.
 *
 * <p>Time is counted in calls of {@link #enforce}. While this process stands still, for a pause of the machine or a step
 * of its clock, nobody calls, so no client is cut off for it.
 */
final class RequestDeadlines implements Http1ConnectionListener {

    /** How often {@link #enforce} is to be called. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private record Deadline(ConnectionContext connection, long at) {}

    private final long limit;
    private final AtomicLong now = new AtomicLong();
    private final Map<String, Deadline> deadlines = new ConcurrentHashMap<>();

    RequestDeadlines(Duration limit) {
        this.limit = Math.ceilDiv(limit.toMillis(), INTERVAL.toMillis());
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        deadlines.put(connection.childSocketId(), new Deadline(connection, now.get() + limit));
    }

    /** The request on this connection has been received: its client now has as long again to take the answer. */
    void received(String childSocketId) {
        deadlines.computeIfPresent(
                childSocketId, (_, deadline) -> new Deadline(deadline.connection(), now.get() + limit));
    }

    /** The request on this connection has been answered, or has failed. */
    void finished(String childSocketId) {
        deadlines.remove(childSocketId);
    }

    /** Closes the connections that are past their deadline. */
    void enforce() {
        long call = now.incrementAndGet();
        deadlines.forEach((key, deadline) -> {
            if (deadline.at() < call && deadlines.remove(key, deadline)) {
                try {
                    deadline.connection().serverSocket().close();
                } catch (UncheckedIOException gone) {
                    // The client was faster.
                }
            }
        });
    }
}
