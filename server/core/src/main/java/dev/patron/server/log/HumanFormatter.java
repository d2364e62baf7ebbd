package dev.patron.server.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** Lines for people: time, level, who logs, what, and the id of the request that it is about. */
public final class HumanFormatter extends Formatter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx");

    @Override
    public String format(LogRecord line) {
        Optional<String> request = RequestId.current();
        // Never what was thrown: a library's message may quote what a customer sent.
        return "%s %-7s %s: %s%s%n"
                .formatted(
                        TIME.format(line.getInstant().atZone(ZoneId.systemDefault())),
                        line.getLevel(),
                        line.getLoggerName(),
                        formatMessage(line),
                        request.map(id -> " [request " + id + "]").orElse(""));
    }
}
