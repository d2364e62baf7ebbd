package dev.patron.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestClock;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that things take outside: CSV, cursors, rows with several disclosures. */
class FormatsTest {

    @Test
    void csv_quotesWhatNeedsIt() throws IOException {
        StringBuilder out = new StringBuilder();
        Csv.row(out, "plain", "", "a,b", "say \"so\"", "two\nlines", "ümlaut");

        assertThat(out.toString()).isEqualTo("plain,,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",ümlaut\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@sum", "\tx"})
    void csv_makesNoFormulas(String cell) throws IOException {
        StringBuilder harmless = new StringBuilder();
        Csv.row(harmless, "x" + cell);
        assertThat(harmless.toString()).isEqualTo("x" + cell + "\r\n");

        StringBuilder out = new StringBuilder();
        Csv.row(out, cell);
        assertThat(out.toString()).isEqualTo("'" + cell + "\r\n");
    }

    @Test
    void csv_formulaThatNeedsQuotes_hasBoth() throws IOException {
        StringBuilder out = new StringBuilder();
        Csv.row(out, "=HYPERLINK(\"x\",1)");

        assertThat(out.toString()).isEqualTo("\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
    }

    @Test
    void cursor_isReadAsItWasWritten() {
        Cursor cursor = new Cursor(TestClock.START.plusMillis(7), 42, 999);

        assertThat(Cursor.parse(cursor.text())).contains(cursor);
    }

    @ParameterizedTest
    @CsvSource({"''", "1.2", "1.2.3.4", "-1.2.3", "1.2.x", "1. 2.3", "9999999999999999.1.1", "1.1.9999999"})
    void cursor_ofOtherText_isNone(String text) {
        assertThat(Cursor.parse("1.2.3")).isPresent();

        assertThat(Cursor.parse(text)).isEmpty();
    }

    @Test
    void several_areReadAsTheyWereWritten() {
        List<Several.Entry> entries = List.of(
                new Several.Entry(TestClock.START, 1),
                new Several.Entry(TestClock.START.plusMillis(59_999), Long.MAX_VALUE));
        byte[] written = Several.write(TestClock.START, entries);

        assertThat(written).hasSize(24);
        assertThat(Several.read(TestClock.START, written)).isEqualTo(entries);
    }

    @Test
    void several_anonymized_areWithoutTheCustomer() {
        List<Several.Entry> entries = List.of(
                new Several.Entry(TestClock.START, 1),
                new Several.Entry(TestClock.START, 2),
                new Several.Entry(TestClock.START, 1));

        assertThat(Several.anonymous(entries, Set.of(3L))).isEqualTo(entries);
        assertThat(Several.anonymous(entries, Set.of(1L)))
                .extracting(Several.Entry::customerKey)
                .containsExactly(Several.NOBODY, 2L, Several.NOBODY);
    }
}
