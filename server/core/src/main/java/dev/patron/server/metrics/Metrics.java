package dev.patron.server.metrics;

import dev.patron.server.trace.Traces;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.Timer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What the server counts and measures of itself, in Prometheus' words. No label names a customer, a session, a store or an
 * app: the ledger is for that. Thread-safe.
 */
public final class Metrics {

    /** A part of what is done for a token. */
    public enum Stage {
        /** Asking storage, waiting for a connection included. */
        STORAGE,
        /** Making and signing the token. */
        SIGNING,
        /** From the request, wholly received, to the answer, not yet sent. */
        WHOLE
    }

    /** A stage that is being measured. */
    @FunctionalInterface
    public interface Timing extends AutoCloseable {
        /** The stage is over. */
        @Override
        void close();
    }

    /** What {@link #write} writes. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** From a tenth of a millisecond, which the embedded database needs, to what a client hardly waits for. */
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.builder()
            .setIncludeCreatedTimestamps(false)
            .build();
    private final Counter issued;
    private final Counter refused;
    private final Counter responses;
    private final Counter closed;
    private final Map<Stage, DistributionDataPoint> stages = new EnumMap<>(Stage.class);

    /** Metrics of one server, the JVM's own among them. */
    public Metrics() {
        JvmMetrics.builder().register(registry);
        issued = Counter.builder()
                .name("patron_tokens_issued_total")
                .help("Tokens given out.")
                .register(registry);
        refused = Counter.builder()
                .name("patron_tokens_refused_total")
                .help("Requests for a token that were refused, by the id of the problem.")
                .labelNames("reason")
                .register(registry);
        responses = Counter.builder()
                .name("patron_http_responses_total")
                .help("Answers, by listener and status code.")
                .labelNames("listener", "status")
                .register(registry);
        closed = Counter.builder()
                .name("patron_http_connections_closed_total")
                .help("Connections that the server closed, by listener and reason.")
                .labelNames("listener", "reason")
                .register(registry);
        Histogram seconds = Histogram.builder()
                .name("patron_token_seconds")
                .help("How long a request for a token takes, by stage.")
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .labelNames("stage")
                .register(registry);
        for (Stage stage : Stage.values()) {
            stages.put(stage, seconds.labelValues(stage.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Counts a token that was given out. */
    public void issued() {
        issued.inc();
    }

    /** Counts a refused request for a token. */
    public void refused(String problemId) {
        refused.labelValues(problemId).inc();
    }

    /** Counts an answer of a listener. */
    public void answered(String listener, int status) {
        responses.labelValues(listener, Integer.toString(status)).inc();
    }

    /** Has a reason shown for which a listener may close connections, also while it has closed none for it. */
    public void mayClose(String listener, String reason) {
        closed.initLabelValues(listener, reason);
    }

    /** Counts a connection that a listener closed. */
    public void closed(String listener, String reason) {
        closed.labelValues(listener, reason).inc();
    }

    /** Measures a stage, and traces it, until what this returns is closed. */
    public Timing time(Stage stage) {
        DistributionDataPoint point = stages.get(stage);
        if (point == null) {
            throw new IllegalArgumentException(stage.name());
        }
        Traces.Part part = Traces.part("token." + stage.name().toLowerCase(Locale.ROOT));
        Timer timer = point.startTimer();
        return () -> {
            timer.close();
            part.close();
        };
    }

    /** Adds a number that is asked for whenever the metrics are. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * Adds a number that only grows, and is asked for whenever the metrics are.
     *
     * @param name ends with {@code _total}
     */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** All of them, as Prometheus reads them. */
    public byte[] write() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            format.write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
