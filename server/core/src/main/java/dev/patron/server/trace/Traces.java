package dev.patron.server.trace;

import dev.patron.server.options.InvalidOptionException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Traces of requests, sent to a collector by OTLP over HTTP: a span for each request, and one for each part of it that takes
 * its time. The standard variables of OpenTelemetry configure it, and nothing of it is started unless they name a
 * collector. No span says who asked or what for: names and attributes are this server's own words. Thread-safe.
 */
public final class Traces implements AutoCloseable {

    /** A part of what is done for a request. */
    @FunctionalInterface
    public interface Part extends AutoCloseable {
        /** The part is over. */
        @Override
        void close();
    }

    /** No traces. */
    public static final Traces OFF = new Traces(null);

    private static final ScopedValue<TracedRequest> CURRENT = ScopedValue.newInstance();
    private static final Part UNTRACED = () -> {};
    private static final int FLUSH_SECONDS = 5;
    private static final Pattern PROPERTY = Pattern.compile("otel(?:[.][a-z0-9_-]+)+");

    /** Metrics are Prometheus', and logs go to standard error. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "patron",
            "otel.traces.exporter", "otlp",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.exporter.otlp.protocol", "http/protobuf");

    private static final TextMapGetter<Function<String, Optional<String>>> HEADERS = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Function<String, Optional<String>> headers, String name) {
            return headers == null ? null : headers.apply(name).orElse(null);
        }
    };

    private final @Nullable OpenTelemetrySdk sdk;
    private final @Nullable Tracer tracer;

    private Traces(@Nullable OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = sdk == null ? null : sdk.getTracer("dev.patron.server");
    }

    /**
     * Traces as the variables say: none unless {@code OTEL_TRACES_EXPORTER} is {@code otlp}, or one of
     * {@code OTEL_EXPORTER_OTLP_ENDPOINT} and {@code OTEL_EXPORTER_OTLP_TRACES_ENDPOINT} is set.
     *
     * @param variables those whose names begin with {@code OTEL_}
     * @throws InvalidOptionException when one of them has a value that OpenTelemetry does not take
     */
    public static Traces of(Map<String, String> variables) {
        return isWanted(variables) ? new Traces(configured(variables)) : OFF;
    }

    private static boolean isWanted(Map<String, String> variables) {
        if (Boolean.parseBoolean(variables.get("OTEL_SDK_DISABLED"))) {
            return false;
        }
        String exporter = variables.getOrDefault("OTEL_TRACES_EXPORTER", "");
        return exporter.isBlank()
                ? variables.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
                        || variables.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
                : !exporter.strip().equals("none");
    }

    private static OpenTelemetrySdk configured(Map<String, String> variables) {
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        variables.forEach((name, value) -> {
            if (!value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        properties.put("otel.metrics.exporter", "none");
        properties.put("otel.logs.exporter", "none");
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(_ -> properties)
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException wrong) {
            throw new InvalidOptionException(refusal(wrong, variables.keySet()));
        }
    }

    /** Names what is wrong, or may be; its value may be secret, as a header for the collector is. */
    private static String refusal(ConfigurationException wrong, Set<String> variables) {
        Set<String> named = PROPERTY.matcher(String.valueOf(wrong.getMessage()))
                .results()
                .map(MatchResult::group)
                .map(property -> property.toUpperCase(Locale.ROOT).replace('.', '_'))
                .collect(Collectors.toCollection(TreeSet::new));
        return String.join(", ", named.isEmpty() ? new TreeSet<>(variables) : named)
                + ": OpenTelemetry does not take the value. Traces are sent by OTLP over HTTP (http/protobuf). Correct it, or"
                + " set OTEL_SDK_DISABLED=true to send none.";
    }

    /**
     * Does what belongs to one request, in a span of its own.
     *
     * @param listener which one received it
     * @param method of the request; one that is no method of this server's is not told
     * @param sender the request's headers, when whoever sent them is trusted to say which trace this is a part of
     */
    public void during(
            String listener, String method, Optional<Function<String, Optional<String>>> sender, Runnable request) {
        if (tracer == null || sdk == null) {
            request.run();
            return;
        }
        Context parent = sender.map(headers ->
                        sdk.getPropagators().getTextMapPropagator().extract(Context.root(), headers, HEADERS))
                .orElse(Context.root());
        Span span = tracer.spanBuilder(TracedRequest.known(method))
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        TracedRequest traced = new TracedRequest(tracer, span, listener, method);
        try {
            ScopedValue.where(CURRENT, traced).run(request);
        } catch (RuntimeException | Error cutOff) {
            traced.failed();
            throw cutOff;
        } finally {
            span.end();
        }
    }

    /** Begins a part of the request that this thread answers; what this returns ends it. */
    public static Part part(String name) {
        return CURRENT.isBound() ? CURRENT.get().part(name) : UNTRACED;
    }

    /** The request that this thread answers, if it is traced. */
    public static Optional<TracedRequest> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Sends what is left; within seconds, whether the collector takes it or not. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }
}
