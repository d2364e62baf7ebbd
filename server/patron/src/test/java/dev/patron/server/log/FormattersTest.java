package dev.patron.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class FormattersTest {

    private static final String MESSAGE = "A \"thing\" happened:\n  twice";

    @Test
    void json_isOneObjectALine_withTheRequestItIsAbout() {
        assertThat(format(new JsonFormatter()))
                .isEqualTo(
                        "{\"time\":\"2026-03-01T12:00:00.750Z\",\"level\":\"warning\",\"logger\":\"dev.patron.Test\","
                                + "\"message\":\"A \\\"thing\\\" happened:\\n  twice\"}\n");
        assertThat(duringARequest(new JsonFormatter()))
                .matches("\\{\"time\".*,\"request_id\":\"[0-9a-f]{16}\"}\n")
                .hasLineCount(1);
    }

    @Test
    void human_isTimeLevelLoggerMessage_andTheRequestItIsAbout() {
        assertThat(format(new HumanFormatter()))
                .matches(
                        "2026-03-0\\dT\\d\\d:\\d\\d:00.750[+-]\\d{4} WARNING dev.patron.Test: A \"thing\" happened:\n  twice\n");
        assertThat(duringARequest(new HumanFormatter())).endsWith("]\n").contains("twice [request ");
    }

    @Test
    void neither_tellsWhatWasThrown() {
        for (Formatter formatter : new Formatter[] {new JsonFormatter(), new HumanFormatter()}) {
            LogRecord line = line();
            line.setThrown(new IllegalStateException("ada@example.com"));

            assertThat(formatter.format(line)).contains("thing").doesNotContain("ada@example.com");
        }
    }

    @Test
    void requestId_isTheSameThroughoutARequest_andAnotherInTheNext() {
        AtomicReference<String> first = new AtomicReference<>("");
        RequestId.during(() -> {
            first.set(RequestId.current().orElseThrow());
            assertThat(RequestId.current()).contains(first.get());
        });
        RequestId.during(() -> assertThat(RequestId.current()).isPresent().get().isNotEqualTo(first.get()));
        assertThat(RequestId.current()).isEmpty();
    }

    private static String duringARequest(Formatter formatter) {
        AtomicReference<String> formatted = new AtomicReference<>("");
        RequestId.during(() -> formatted.set(format(formatter)));
        return formatted.get();
    }

    private static String format(Formatter formatter) {
        return formatter.format(line());
    }

    private static LogRecord line() {
        LogRecord line = new LogRecord(Level.WARNING, MESSAGE);
        line.setLoggerName("dev.patron.Test");
        line.setInstant(Instant.parse("2026-03-01T12:00:00.750Z"));
        return line;
    }
}
