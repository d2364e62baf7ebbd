package dev.patron.server.trace;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** A collector of traces: takes OTLP over HTTP, and keeps what it is sent. */
final class Collector implements AutoCloseable {

    private final HttpServer http;
    private final Queue<ExportTraceServiceRequest> taken = new ConcurrentLinkedQueue<>();

    private Collector(HttpServer http) {
        this.http = http;
    }

    static Collector start() {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            Collector collector = new Collector(http);
            http.createContext("/v1/traces", exchange -> {
                collector.take(exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            http.start();
            return collector;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void take(byte[] sent) throws InvalidProtocolBufferException {
        taken.add(ExportTraceServiceRequest.parseFrom(sent));
    }

    /** What names it to a server. */
    String variable() {
        return "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:"
                + http.getAddress().getPort();
    }

    List<Span> spans() {
        return taken.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** The only span with this name. */
    Span span(String name) {
        List<Span> named =
                spans().stream().filter(span -> span.getName().equals(name)).toList();
        if (named.size() != 1) {
            throw new AssertionError(named.size() + " spans are called " + name + ", of "
                    + spans().stream().map(Span::getName).toList());
        }
        return named.getFirst();
    }

    List<String> services() {
        return taken.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .map(ResourceSpans::getResource)
                .flatMap(resource -> resource.getAttributesList().stream())
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue())
                .distinct()
                .toList();
    }

    /** Everything that it was sent, as text. */
    String everything() {
        return taken.toString();
    }

    static Map<String, String> attributes(Span span) {
        return span.getAttributesList().stream().collect(Collectors.toMap(KeyValue::getKey, attribute -> {
            String text = attribute.getValue().getStringValue();
            return text.isEmpty() ? Long.toString(attribute.getValue().getIntValue()) : text;
        }));
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
