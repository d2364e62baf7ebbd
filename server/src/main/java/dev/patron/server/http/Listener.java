package dev.patron.server.http;

import dev.patron.server.compute.OverloadedException;
import dev.patron.server.log.RequestId;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.Options;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.trace.Traces;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One listener: receives a request within its limits, hands it to the handler of its path, and answers for whatever
 * goes wrong on the way. Thread-safe.
 */
public final class Listener {

    /** Shows a problem to the listener's kind of client. */
    @FunctionalInterface
    public interface ProblemAnswer {
        /** Answers. */
        void send(Exchange exchange, Problem problem);
    }

    /** How often deadlines are to be enforced: they are counted in that. */
    public static final Duration DEADLINE_INTERVAL = RequestDeadlines.INTERVAL;

    private static final byte[] NO_BODY = new byte[0];
    private static final Duration WARNING_INTERVAL = Duration.ofSeconds(10);
    private static final System.Logger LOGGER = System.getLogger(Listener.class.getName());

    private final String name;
    private final Traces traces;
    private final String address;
    private final int port;
    private final int maxBody;
    private final Options options;
    private final Routes routes;
    private final ProblemAnswer problemAnswer;
    private final RequestDeadlines deadlines;
    private final Semaphore inFlight;
    private final Semaphore bodyMemory;
    private final InstantSource clock;
    private final Forwarding forwarding;
    private final Framing framing;
    private final AtomicLong nextWarning = new AtomicLong();

    /**
     * A listener that is not open yet.
     *
     * @param maxBody the most bytes of a request body
     * @param name what metrics and traces call it
     */
    public Listener(
            String name,
            String address,
            int port,
            int maxBody,
            Options options,
            Routes routes,
            ProblemAnswer problemAnswer,
            Metrics metrics,
            Traces traces,
            InstantSource clock) {
        this.name = name;
        this.traces = traces;
        this.address = address;
        this.port = port;
        this.maxBody = maxBody;
        this.options = options;
        this.routes = routes;
        this.problemAnswer = problemAnswer;
        this.deadlines = new RequestDeadlines(options.get(Options.REQUEST_TIMEOUT));
        this.clock = clock;
        this.forwarding = new Forwarding(options.get(Options.TRUSTED_PROXIES), options.get(Options.FORWARDED_HEADER));
        this.framing = new Framing(new HttpDate(clock), forwarding, status -> {
            metrics.answered(name, status);
            Traces.current().ifPresent(traced -> traced.status(status));
        });
        this.bodyMemory = new Semaphore(options.get(Options.BODY_MEMORY));
        this.inFlight = new Semaphore(options.get(Options.MAX_IN_FLIGHT));
    }

    /** Closes connections whose client sends too slowly; to be called each {@link #DEADLINE_INTERVAL}. */
    public void enforceDeadlines() {
        deadlines.enforce();
    }

    /** How many requests are being answered. */
    public int inFlight() {
        return options.get(Options.MAX_IN_FLIGHT) - inFlight.availablePermits();
    }

    /** What the HTTP library has to know of this listener. */
    <B extends ListenerConfig.BuilderBase<B, ?>> B configure(B config) {
        Duration idle = options.get(Options.IDLE_TIMEOUT);
        Http1Config http1 = Http1Config.builder()
                .maxPrologueLength(options.get(Options.MAX_REQUEST_LINE))
                .maxHeadersSize(options.get(Options.MAX_HEADERS))
                .sendKeepAliveHeader(false)
                // Browsers send {, }, | and others in a query as they are; Exchange.query() takes them as such.
                .validatePrologue(false)
                .addReceiveListener(deadlines)
                .build();
        return config.host(address)
                .port(port)
                .maxPayloadSize(maxBody)
                .maxTcpConnections(options.get(Options.MAX_CONNECTIONS))
                .idleConnectionTimeout(idle)
                .idleConnectionPeriod(min(idle, Duration.ofSeconds(5)))
                .shutdownGracePeriod(options.get(Options.SHUTDOWN_GRACE))
                .protocolsDiscoverServices(false)
                .addProtocol(http1)
                .directHandlers(DirectHandlers.builder()
                        .addHandler(DirectHandler.EventType.BAD_REQUEST, Listener::malformed)
                        .addHandler(DirectHandler.EventType.PAYLOAD_TOO_LARGE, Listener::malformed)
                        .addHandler(DirectHandler.EventType.HTTP_VERSION_NOT_SUPPORTED, Listener::malformed)
                        .addHandler(DirectHandler.EventType.INTERNAL_ERROR, Listener::malformed)
                        .addHandler(DirectHandler.EventType.OTHER, Listener::malformed)
                        .build())
                .routing(HttpRouting.builder()
                        .any((request, response) -> RequestId.during(() -> traced(request, response))));
    }

    private void traced(ServerRequest request, ServerResponse response) {
        // Of anybody else it would be an order to trace, or not to.
        Optional<Function<String, Optional<String>>> sender =
                forwarding.isTrusted(((InetSocketAddress) request.remotePeer().address()).getAddress())
                        ? Optional.of(header -> request.headers().first(HeaderNames.create(header)))
                        : Optional.empty();
        traces.during(name, request.prologue().method().text(), sender, () -> answer(request, response));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        int bodySize = bodySize(request);
        try {
            if (!bodyMemory.tryAcquire(bodySize)) {
                Exchange exchange = new Exchange(request, response, NO_BODY, framing, () -> {});
                problemAnswer.send(exchange.with("Connection", "close"), Problem.UNAVAILABLE);
                return;
            }
            try {
                byte[] body = body(request);
                deadlines.received(request.socketId());
                handle(new Exchange(request, response, body, framing, () -> deadlines.received(request.socketId())));
            } finally {
                bodyMemory.release(bodySize);
            }
        } finally {
            deadlines.finished(request.socketId());
        }
    }

    private void handle(Exchange exchange) {
        if (!inFlight.tryAcquire()) {
            problemAnswer.send(exchange, Problem.UNAVAILABLE);
            return;
        }
        try {
            Routes.Route route = routes.find(exchange);
            Traces.current().ifPresent(traced -> traced.route(route.path()));
            route.handler().handle(exchange);
        } catch (RefusedException refused) {
            problemAnswer.send(exchange, refused.problem());
        } catch (OverloadedException overloaded) {
            problemAnswer.send(exchange, Problem.UNAVAILABLE);
        } catch (StorageUnavailableException unavailable) {
            warn(unavailable);
            if (exchange.isAnswered()) {
                throw new CloseConnectionException("The answer was cut off", unavailable);
            }
            problemAnswer.send(exchange, Problem.UNAVAILABLE);
        } catch (CloseConnectionException gone) {
            throw gone;
        } catch (RuntimeException fault) {
            LOGGER.log(Level.ERROR, () -> "A request failed: " + Failures.describe(fault));
            if (exchange.isAnswered()) {
                throw new CloseConnectionException("The answer was cut off", fault);
            }
            problemAnswer.send(exchange, Problem.INTERNAL_ERROR);
        } finally {
            inFlight.release();
        }
    }

    /** How many bytes a body may take: what is declared, or the most there can be when nothing is. */
    private int bodySize(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return 0;
        }
        return (int) Math.min(maxBody, request.headers().contentLength().orElse(maxBody));
    }

    /** Receives the body. A client that breaks off, or breaks the rules, has its connection closed. */
    private static byte[] body(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return NO_BODY;
        }
        try {
            return request.content().as(byte[].class);
        } catch (RequestException | CloseConnectionException known) {
            throw known;
        } catch (RuntimeException malformed) {
            throw new CloseConnectionException("The body cannot be read", malformed);
        }
    }

    /** An outage fails every request: its reason is logged now and then, not each time. */
    private void warn(StorageUnavailableException unavailable) {
        long now = clock.millis();
        long due = nextWarning.get();
        if (now >= due && nextWarning.compareAndSet(due, now + WARNING_INTERVAL.toMillis())) {
            LOGGER.log(Level.WARNING, () -> "Storage is unavailable: " + Failures.describe(unavailable));
        }
    }

    /** Answers what is no request at all, before there is anything to route. */
    private static DirectHandler.TransportResponse malformed(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType event,
            Status suggested,
            ServerResponseHeaders headers,
            String message) {
        // What fails before there is a method is the parsing, so the fault is the client's.
        Status status = suggested.equals(Status.INTERNAL_SERVER_ERROR_500)
                        && request.method().isEmpty()
                ? Status.BAD_REQUEST_400
                : suggested;
        Problem problem = switch (status.code()) {
            case 413 -> new Problem(413, "body_too_large", "The body is too large", "Send a smaller body.");
            case 414 -> new Problem(414, "request_line_too_long", "The address is too long", "Send a shorter one.");
            case 505 ->
                new Problem(505, "http_version_not_supported", "The HTTP version is not supported", "Use HTTP/1.1.");
            case 500 -> Problem.INTERNAL_ERROR;
            default ->
                new Problem(
                        status.code(),
                        "malformed_request",
                        "The request is not valid HTTP/1.1",
                        "Send a request that conforms to RFC 9112, within the server's limits.");
        };
        Isolation.DEFAULTS.forEach(headers::set);
        headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .entity(problem.toErrorsJson())
                .keepAlive(false)
                .build();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
