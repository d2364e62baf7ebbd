package dev.patron.server.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Set;

/**
 * A request that is traced. Names and attributes are those of OpenTelemetry's semantic conventions for HTTP servers, without
 * any that tell who asked. Not thread-safe: it belongs to the request's thread.
 */
public final class TracedRequest {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final int SERVER_ERROR = 500;

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("patron.listener");
    private static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("patron.problem");

    private final Tracer tracer;
    private final Span whole;
    private final String method;
    private Span now;

    TracedRequest(Tracer tracer, Span whole, String listener, String method) {
        this.tracer = tracer;
        this.whole = whole;
        this.method = known(method);
        this.now = whole;
        whole.setAttribute(METHOD, METHODS.contains(method) ? method : "_OTHER");
        whole.setAttribute(LISTENER, listener);
    }

    /** How a span of such a request is called until its route is known. */
    static String known(String method) {
        return METHODS.contains(method) ? method : "HTTP";
    }

    /** The pattern of the path that answers it. */
    public void route(String pattern) {
        whole.setAttribute(ROUTE, pattern);
        whole.updateName(method + " " + pattern);
    }

    /** The status of the answer. */
    public void status(int code) {
        whole.setAttribute(STATUS, (long) code);
        if (code >= SERVER_ERROR) {
            whole.setAttribute(ERROR, Integer.toString(code));
            whole.setStatus(StatusCode.ERROR);
        }
    }

    /** The id of the problem that the answer tells. */
    public void problem(String id) {
        whole.setAttribute(PROBLEM, id);
    }

    /** What the log calls the trace: 32 hexadecimal digits. */
    public String traceId() {
        return whole.getSpanContext().getTraceId();
    }

    /** What the log calls the part of it that is being done: 16 hexadecimal digits. */
    public String spanId() {
        return now.getSpanContext().getSpanId();
    }

    Traces.Part part(String name) {
        Span outer = now;
        Span inner =
                tracer.spanBuilder(name).setParent(Context.root().with(outer)).startSpan();
        now = inner;
        return () -> {
            inner.end();
            now = outer;
        };
    }

    /** The answer was cut off. */
    void failed() {
        whole.setStatus(StatusCode.ERROR);
    }
}
