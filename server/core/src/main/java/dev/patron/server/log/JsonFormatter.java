package dev.patron.server.log;

import dev.patron.server.trace.Traces;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object a line: {@code time} (UTC), {@code level}, {@code logger}, {@code message} and, where a request is
 * answered, {@code request_id}, with {@code trace_id} and {@code span_id} where it is traced.
 */
public final class JsonFormatter extends Formatter {

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String format(LogRecord line) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("time", line.getInstant().toString());
        members.put("level", line.getLevel().getName().toLowerCase(Locale.ROOT));
        members.put("logger", String.valueOf(line.getLoggerName()));
        // Never what was thrown: a library's message may quote what a customer sent.
        members.put("message", formatMessage(line));
        RequestId.current().ifPresent(id -> members.put("request_id", id));
        Traces.current().ifPresent(traced -> {
            members.put("trace_id", traced.traceId());
            members.put("span_id", traced.spanId());
        });
        return JSON.writeValueAsString(members) + "\n";
    }
}
