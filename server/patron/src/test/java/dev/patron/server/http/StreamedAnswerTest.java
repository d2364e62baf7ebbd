package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.TestServer;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Answers that are sent while they are written, and the date that is on every answer. */
class StreamedAnswerTest {

    private static final String LINE = "a line of thirty-two characters\n";
    private static final int LINES = 100_000;
    private static final List<String> WRITTEN = new CopyOnWriteArrayList<>();

    private static final TestServer SERVER = TestServer.start(patron -> patron.storefront()
            .routes()
            .on(
                    "GET",
                    "/whole",
                    exchange -> exchange.stream("text/plain", out -> {
                        for (int i = 0; i < LINES; i++) {
                            out.append(LINE);
                        }
                        WRITTEN.add("whole");
                    }))
            .on(
                    "GET",
                    "/cut",
                    exchange -> exchange.stream("text/plain", out -> {
                        for (int i = 0; i < LINES; i++) {
                            out.append(LINE);
                        }
                        throw new IllegalStateException("a fault");
                    }))
            .on(
                    "GET",
                    "/failed",
                    exchange -> exchange.stream("text/plain", out -> {
                        out.append(LINE);
                        throw new IllegalStateException("a fault");
                    })));

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void stream_ofMoreThanABuffer_arrivesWhole() {
        Answer answer = SERVER.call("GET", "/whole").send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("text/plain");
        assertThat(answer.body()).isEqualTo(LINE.repeat(LINES));
    }

    @Test
    void stream_ofHead_isNotEvenWritten() {
        WRITTEN.clear();

        assertThat(SERVER.call("HEAD", "/whole").send().status()).isEqualTo(200);
        assertThat(WRITTEN).isEmpty();
    }

    @Test
    void stream_thatFails_endsTheConnectionBeforeItsEnd() {
        for (String path : List.of("/cut", "/failed")) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .as(path)
                    .isThrownBy(() -> SERVER.call("GET", path).send())
                    .withCauseInstanceOf(EOFException.class);
        }
    }

    @Test
    void date_isInGmt_whateverTheTimeZoneOfTheMachine() {
        List<String> dates = new ArrayList<>();
        for (String path : List.of("/customer/current.jwt", "/nothing-here", "/whole")) {
            dates.addAll(SERVER.call("GET", path).send().all("Date"));
        }

        assertThat(dates)
                .hasSize(3)
                .allMatch(date -> date.matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT"));
    }
}
