package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import dev.patron.server.compute.OverloadedException;
import dev.patron.server.failure.DomainException;
import dev.patron.server.log.Failures;
import dev.patron.server.log.RequestId;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.storage.OutageLog;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.storage.UnstorableTextException;
import dev.patron.server.trace.Traces;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
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
    public static final Duration DEADLINE_INTERVAL = Connections.INTERVAL;

    private static final int CONNECTIONS_TO_DECIDE_ABOUT = 16;
    /** What the system keeps of an answer for a client that does not take it. */
    private static final int SEND_BUFFER = 64 * 1024;

    private static final Problem UNSTORABLE_TEXT = Problem.badRequest(
            "A text in the request has a character that no text may have, such as U+0000. Send it without.");

    private static final System.Logger LOGGER = System.getLogger(Listener.class.getName());

    private final ListenerKind kind;
    private final Traces traces;
    private final MemoryBudget budget;
    private final Options options;
    private final Routes routes;
    private final ProblemAnswer problemAnswer;
    private final Connections connections;
    private final RequestBodies bodies;
    private final RequestsInFlight inFlight;
    private final HeldRefusals heldRefusals;
    private final Forwarding forwarding;
    private final Framing framing;
    private final OutageLog outages;

    /**
     * A listener that is not open yet.
     *
     * @throws InvalidOptionException when the heap has no room for what the options let clients make it hold
     */
    public Listener(
            ListenerKind kind,
            Options options,
            Routes routes,
            ProblemAnswer problemAnswer,
            Metrics metrics,
            Traces traces,
            InstantSource clock) {
        this.kind = kind;
        this.traces = traces;
        this.options = options;
        this.routes = routes;
        this.problemAnswer = problemAnswer;
        this.outages = new OutageLog(clock);
        this.forwarding = new Forwarding(options.get(Options.TRUSTED_PROXIES), options.get(Options.FORWARDED_HEADER));
        this.framing = new Framing(new HttpDate(clock), forwarding, status -> {
            metrics.answered(kind.label(), status);
            Traces.current().ifPresent(traced -> traced.status(status));
        });
        for (Connections.Reason reason : Connections.Reason.values()) {
            metrics.mayClose(kind.label(), reason.label());
        }
        this.budget = MemoryBudget.of(options, kind, Runtime.getRuntime().maxMemory());
        int maxBody = options.get(kind.maxBody());
        this.connections = new Connections(
                new Connections.Bounds(
                        budget.connections(),
                        budget.connectionsPerNetwork(),
                        budget.incompleteRequests(),
                        options.get(Options.REQUEST_TIMEOUT)),
                new RequestFraming.Bounds(
                        options.get(Options.MAX_REQUEST_LINE),
                        options.get(Options.MAX_HEADERS),
                        options.get(Options.MAX_HEADER_COUNT),
                        maxBody),
                http1(options),
                forwarding::isTrusted,
                reason -> metrics.closed(kind.label(), reason.label()));
        this.inFlight = new RequestsInFlight(budget.inFlight(), budget.inFlightPerNetwork(), connections);
        this.heldRefusals = new HeldRefusals(Math.max(1, budget.connections() / 4));
        this.bodies = new RequestBodies(maxBody, budget, connections);
    }

    private static Http1Config http1(Options options) {
        return Http1Config.builder()
                .maxPrologueLength(options.get(Options.MAX_REQUEST_LINE))
                .maxHeadersSize(options.get(Options.MAX_HEADERS))
                .sendKeepAliveHeader(false)
                // It would log paths and headers, secrets among them.
                .log(log -> log.receiveLog(false).sendLog(false))
                // Browsers send {, }, | and others in a query as they are; Exchange.query() takes them as such.
                .validatePrologue(false)
                .build();
    }

    /** Closes connections whose client sends too slowly; to be called each {@link #DEADLINE_INTERVAL}. */
    public void enforceDeadlines() {
        connections.enforceDeadlines();
    }

    /** How many requests are being answered. */
    public int inFlight() {
        return inFlight.count();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.count();
    }

    /** What the HTTP library has to know of this listener. */
    <B extends ListenerConfig.BuilderBase<B, ?>> B configure(B config) {
        Duration idle = options.get(Options.IDLE_TIMEOUT);
        return config.host(options.get(kind.address()))
                .port(options.get(kind.port()))
                .maxPayloadSize(options.get(kind.maxBody()))
                .connectionOptions(SocketOptions.builder()
                        .tcpNoDelay(true)
                        .socketSendBufferSize(SEND_BUFFER)
                        .build())
                // One connection too many is taken, for another one to give way.
                .maxTcpConnections(budget.connections() + CONNECTIONS_TO_DECIDE_ABOUT)
                .idleConnectionTimeout(idle)
                .idleConnectionPeriod(min(idle, Duration.ofSeconds(5)))
                .shutdownGracePeriod(options.get(Options.SHUTDOWN_GRACE))
                .protocolsDiscoverServices(false)
                .addConnectionSelector(connections)
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
                forwarding.isTrusted(ClientConnection.current().address())
                        ? Optional.of(header -> request.headers().first(HeaderNames.create(header)))
                        : Optional.empty();
        traces.during(kind.label(), request.prologue().method().text(), sender, () -> answer(request, response));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        ClientConnection connection = ClientConnection.current();
        try (RequestBodies.Body body = bodies.open(connection)) {
            try {
                body.receive(request);
            } catch (ProblemException refused) {
                Exchange exchange = new Exchange(request, response, body.bytes(), framing, connection);
                exchange.beforeRefusal(heldRefusals::hold);
                problemAnswer.send(exchange.closing(), refused.problem());
                return;
            }
            handle(new Exchange(request, response, body.bytes(), framing, connection), body);
        }
    }

    private void handle(Exchange exchange, RequestBodies.Body body) {
        exchange.beforeRefusal(() -> holdBack(body));
        try (RequestsInFlight.Permit permit = inFlight.begin(exchange.client())) {
            exchange.beforeRefusal(() -> {
                permit.giveBack();
                holdBack(body);
            });
            Routes.Route route = routes.find(exchange);
            Traces.current().ifPresent(traced -> traced.route(route.path()));
            route.handler().handle(exchange);
        } catch (ProblemException refused) {
            problemAnswer.send(exchange, refused.problem());
        } catch (DomainException refused) {
            problemAnswer.send(exchange, DomainProblems.of(refused));
        } catch (OverloadedException overloaded) {
            holdBack(body);
            problemAnswer.send(exchange, Problem.UNAVAILABLE);
        } catch (StorageUnavailableException unavailable) {
            outages.report(unavailable);
            if (exchange.isAnswered()) {
                throw new CloseConnectionException("The answer was cut off", unavailable);
            }
            problemAnswer.send(exchange, Problem.UNAVAILABLE);
        } catch (UnstorableTextException unstorable) {
            if (exchange.isAnswered()) {
                throw new CloseConnectionException("The answer was cut off", unstorable);
            }
            problemAnswer.send(exchange, UNSTORABLE_TEXT);
        } catch (CloseConnectionException gone) {
            throw gone;
        } catch (RuntimeException fault) {
            LOGGER.log(Level.ERROR, () -> "A request failed: " + Failures.describe(fault));
            if (exchange.isAnswered()) {
                throw new CloseConnectionException("The answer was cut off", fault);
            }
            problemAnswer.send(exchange, Problem.INTERNAL_ERROR);
        }
    }

    /** A refusal that is held back takes nothing but its connection. */
    private void holdBack(RequestBodies.Body body) {
        body.giveBack();
        heldRefusals.hold();
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
            case 431 ->
                new Problem(
                        431,
                        "headers_too_large",
                        "The headers are too many or too long",
                        "Send fewer or shorter ones, cookies included.");
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
        Exchange.SECURITY_HEADERS.forEach(headers::set);
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
