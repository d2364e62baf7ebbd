package dev.patron.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScriptDetailsTest {

    private static final String CONTENTS = "<script>alert(1)</script>";

    @Test
    void name_has1To200Characters() {
        assertThat(named("n").name()).isEqualTo("n");
        assertThat(named("n".repeat(200)).name()).hasSize(200);
        assertThat(named("Räksmörgås <b>").name()).isEqualTo("Räksmörgås <b>");

        for (String name : List.of("", "  ", "n".repeat(201), "a\nb", "a\u0000b", "a\u001b[2J")) {
            refused("name", () -> named(name));
        }
    }

    @Test
    void contents_areAnyHtml() {
        for (String contents : List.of(
                CONTENTS,
                "plain text",
                "</body></html>",
                "<!-- \r\n\t -->",
                "<script>'\u2028💡'</script>",
                "${x} {{y}}")) {
            assertThat(with(contents).contents()).isEqualTo(contents);
        }
    }

    @Test
    void contents_haveAtMost64KiBInUtf8() {
        assertThat(with("x".repeat(65_536)).contents()).hasSize(65_536);
        assertThat(with("💡".repeat(16_384)).contents()).hasSize(32_768);

        refused("contents", () -> with("x".repeat(65_537)));
        refused("contents", () -> with("é".repeat(32_769)));
        refused("contents", () -> with("💡".repeat(16_384) + "x"));
    }

    @Test
    void contents_thatAreNoText_areRefused() {
        for (String contents : List.of("", " \n", "a\u0000b", "a\ud800b", "\udc00")) {
            refused("contents", () -> with(contents));
        }
    }

    @Test
    void order_isFrom0To9999() {
        assertThat(ordered(0).order()).isZero();
        assertThat(ordered(9999).order()).isEqualTo(9999);

        refused("order", () -> ordered(-1));
        refused("order", () -> ordered(10_000));
    }

    private static ScriptDetails named(String name) {
        return new ScriptDetails(name, Place.HEAD, Set.of(), CONTENTS, true, 0);
    }

    private static ScriptDetails with(String contents) {
        return new ScriptDetails("n", Place.HEAD, Set.of(), contents, true, 0);
    }

    private static ScriptDetails ordered(int order) {
        return new ScriptDetails("n", Place.HEAD, Set.of(), CONTENTS, true, order);
    }

    private static void refused(String member, Runnable work) {
        assertThatExceptionOfType(InvalidScriptException.class)
                .isThrownBy(work::run)
                .satisfies(invalid -> {
                    assertThat(invalid.member()).isEqualTo(member);
                    assertThat(invalid.detail()).isNotBlank();
                });
    }
}
