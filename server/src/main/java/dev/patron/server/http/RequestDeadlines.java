package dev.patron.server.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections whose client takes too long to send a request, or to take its answer. The HTTP library limits how
 * long a connection may idle between requests, but a client that sends a header byte now and then, or reads nothing,
 * would keep one for ever. Thread-safe.
 */
final class RequestDeadlines implements Http1ConnectionListener {

    private record Deadline(ConnectionContext connection, Instant at) {}

    private final Duration limit;
    private final InstantSource clock;
    private final Map<String, Deadline> deadlines = new ConcurrentHashMap<>();

    RequestDeadlines(Duration limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        deadlines.put(
                connection.childSocketId(),
                new Deadline(connection, clock.instant().plus(limit)));
    }

    /** The request on this connection has been received: its client now has as long again to take the answer. */
    void received(String childSocketId) {
        deadlines.computeIfPresent(
                childSocketId,
                (_, deadline) ->
                        new Deadline(deadline.connection(), clock.instant().plus(limit)));
    }

    /** The request on this connection has been answered, or has failed. */
    void finished(String childSocketId) {
        deadlines.remove(childSocketId);
    }

    /** Closes the connections that are past their deadline. */
    void enforce() {
        Instant now = clock.instant();
        deadlines.forEach((key, deadline) -> {
            if (deadline.at().isBefore(now) && deadlines.remove(key, deadline)) {
                try {
                    deadline.connection().serverSocket().close();
                } catch (UncheckedIOException gone) {
                    // The client was faster.
                }
            }
        });
    }
}
