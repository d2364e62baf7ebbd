package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.token.InvalidTokenException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static final KnownStrings KNOWN = new KnownStrings(List.of("aud", "iss"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "7",
                "-12",
                "1.5",
                "0.0",
                "1e1",
                "1E+1",
                "1.5e-12",
                "true",
                "false",
                "null",
                " \t\r\n{ } \t\r\n",
                "[ ]",
                "[1,2,[3],{}]",
                "{\"a\":1,\"b\":{\"a\":[{\"a\":null}]}}",
                "{\"\":\"\"}",
                "[[[[[[[[]]]]]]]]",
                "{\"a\":[{\"a\":[{\"a\":[{\"a\":[]}]}]}]}",
                "[{},{},[],[],{\"a\":1},{\"a\":1}]",
                "\"\u007f é 中 😀 \u2028\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uABCD\\uabcd\\ud83d\\ude00\"",
                "{\"aud\":1,\"iss\":{\"aud\":2,\"iss\":3}}",
                "[\"aud\",\"aud\"]",
                "12345678901234567890.0123456789e+0123456789",
                "\"12345678\"",
                "\"1234567\"",
                "\"123456789012345\\\"\"",
                "\"1234567\\n\"",
                "\"12345678é\"",
                "[true,false,null]",
            })
    void read_soundText_readsLikeJackson(String json) throws Exception {
        assertThat(JsonEvents.byPatron(json.getBytes(UTF_8), KNOWN)).isEqualTo(JsonEvents.byJackson(json));
        JsonReader skipping = new JsonReader("text", json.getBytes(UTF_8), KNOWN);
        skipping.skipValue();
        skipping.requireEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "]",
                "\"",
                "\"a",
                "\"\\",
                "\"\\\"",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "[1",
                "[1,",
                "{,}",
                "[,]",
                "{\"a\":1,}",
                "[1,]",
                "{\"a\":1 \"b\":2}",
                "[1 2]",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{\"a\":}",
                "{\"a\"::1}",
                "{\"a\":1]",
                "[1}",
                "{}}",
                "{}{}",
                "{} x",
                "1 2",
                "\"a\"\"b\"",
                ":",
                ",",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1.e1",
                "1e",
                "1e+",
                "1e-",
                "-a",
                "--1",
                "0x10",
                "1_000",
                "NaN",
                "Infinity",
                "-Infinity",
                "tru",
                "truex",
                "True",
                "t",
                "f",
                "n",
                "nul",
                "falsy",
                "undefined",
                "\"\\x41\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u\"",
                "\"\\u123",
                "\"\\'\"",
                "\"\\U0041\"",
                "\"\\u00٣٣\"",
                "\"\\ \"",
                "\"\u0000\"",
                "\"\n\"",
                "\"\t\"",
                "\"12345678\u001f\"",
                "\"é\u001f\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800x\"",
                "\"\\ude00\\ud83d\"",
                "\"\\ud800\\ud800\"",
                "{\"\\ud800\":1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"aud\":1,\"aud\":2}",
                "{\"aud\":1,\"\\u0061ud\":2}",
                "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
                "[[{\"é\":1,\"\\u00e9\":2}]]",
                "{\"\":1,\"\":2}",
                "[[[[[[[[[]]]]]]]]]",
                "[[[[[[[[{}]]]]]]]]",
                "// c\n1",
                "/* */1",
                "#",
                "\ufeff{}",
                "\u00a01",
                "\u000b1",
                "\f1",
                "é",
            })
    void read_unsoundText_rejects(String json) {
        assertThatThrownBy(() -> JsonEvents.byPatron(json.getBytes(UTF_8), KNOWN))
                .isInstanceOfSatisfying(
                        InvalidTokenException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED))
                .hasMessageStartingWith("the text is not usable JSON: ");
        assertThatThrownBy(() -> {
                    JsonReader skipping = new JsonReader("text", json.getBytes(UTF_8), KNOWN);
                    skipping.skipValue();
                    skipping.requireEnd();
                })
                .isInstanceOf(InvalidTokenException.class);
    }

    /** Bytes that are no UTF-8: cut short, too long, surrogates, beyond Unicode (RFC 3629). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080",
                "\u00bf",
                "\u00c3",
                "\u00c0\u00af",
                "\u00c1\u00bf",
                "\u00e0\u0080\u00af",
                "\u00e4\u00b8",
                "\u00ed\u00a0\u0080",
                "\u00f0\u0080\u0080\u00af",
                "\u00f0\u009f\u0098",
                "\u00f4\u0090\u0080\u0080",
                "\u00f8\u0088\u0080\u0080\u0080",
                "\u00ff",
                "\u00fe",
            })
    void read_noUtf8_rejects(String latin1) {
        for (String json : List.of("\"" + latin1 + "\"", "\"" + latin1 + "\\n\"", "{\"" + latin1 + "\":1}", latin1)) {
            assertThatThrownBy(() -> JsonEvents.byPatron(json.getBytes(ISO_8859_1), KNOWN))
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "-7, -7",
        "7.0, 7",
        "-7.000, -7",
        "0.0, 0",
        "1480831863, 1480831863",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775807, -9223372036854775807"
    })
    void nextLong_wholeNumber_reads(String json, long expected) throws Exception {
        assertThat(reader(json).nextLong()).isEqualTo(expected);
        JsonReader inArray = reader("[" + json + ",1]");
        inArray.beginArray();
        inArray.nextElement();
        assertThat(inArray.nextLong()).isEqualTo(expected);
        assertThat(inArray.nextElement()).isTrue();
        assertThat(inArray.nextLong()).isEqualTo(1);
    }

    @Test
    void nextLong_noWholeNumber_rejects() {
        for (String json : List.of("7.5", "7.01", "7.10", "7e0", "7E1", "7.0e0", "0.5", "-0.1")) {
            assertThatThrownBy(() -> member("{\"aud\":" + json + "}").nextLong())
                    .hasMessageContaining("\"aud\" is not a whole number");
        }
        for (String json : List.of("9223372036854775808", "-9223372036854775809", "99999999999999999999999")) {
            assertThatThrownBy(() -> member("{\"aud\":" + json + "}").nextLong())
                    .hasMessageContaining("\"aud\" is too large a number");
        }
    }

    @Test
    void next_otherKind_saysBoth() {
        assertThatThrownBy(() -> member("{\"aud\":{}}").nextString())
                .hasMessageContaining("\"aud\" is an object; expected a string");
        assertThatThrownBy(() -> member("{\"aud\":[]}").nextString())
                .hasMessageContaining("\"aud\" is an array; expected a string");
        assertThatThrownBy(() -> member("{\"aud\":\"\"}").nextLong())
                .hasMessageContaining("\"aud\" is a string; expected a number");
        assertThatThrownBy(() -> member("{\"aud\":7}").nextBoolean())
                .hasMessageContaining("\"aud\" is a number; expected true or false");
        assertThatThrownBy(() -> member("{\"aud\":true}").nextNull())
                .hasMessageContaining("\"aud\" is true or false; expected null");
        assertThatThrownBy(() -> member("{\"aud\":null}").beginObject())
                .hasMessageContaining("\"aud\" is null; expected an object");
        assertThatThrownBy(() -> member("{\"aud\":1}").beginArray())
                .hasMessageContaining("\"aud\" is a number; expected an array");
        assertThatThrownBy(() -> member("{\"aud\":false}").nextNumber()).hasMessageContaining("expected a number");
    }

    @Test
    void messages_nameTheFaultAndItsPlace() {
        assertFault("{\"a\":1,\"a\":2}", "the member \"a\" occurs twice (byte 10)");
        assertFault("[1 2]", "',' is missing (byte 3)");
        assertFault("{\"a\" 1}", "':' is missing (byte 5)");
        assertFault("{1:1}", "a name is missing (byte 1)");
        assertFault("[x]", "a value is missing (byte 1)");
        assertFault("[é]", "a value is missing (byte 1)");
        assertFault("[1", "it ends too early (byte 2)");
        assertFault("\"abc", "it ends inside a string (byte 4)");
        assertFault("\"abc\\", "it ends inside a string (byte 5)");
        assertFault("\"ab\n\"", "a control character stands in a string (byte 3)");
        assertFault("{} x", "something follows its end (byte 3)");
        assertFault("-x", "a digit is missing (byte 1)");
        assertFault("trux", "a value is misspelt (byte 3)");
        assertFault("[[[[[[[[[", "it nests deeper than 8 levels (byte 8)");
        assertFault("\"\\q\"", "a string has an unknown escape (byte 4)");
        assertFault("\"\\ud800\"", "a string has an unpaired surrogate (byte 8)");
        assertFault("\"\\u00x0\"", "a \\u escape lacks four hexadecimal digits (byte 8)");
    }

    @Test
    void nextString_known_isTheVeryObject() throws Exception {
        String known = "iss";
        assertThat(reader("\"iss\"").nextString()).isSameAs(KNOWN.get(1)).isEqualTo(known);
        assertThat(reader("\"i\\u0073s\"").nextString()).isEqualTo(known);
        assertThat(reader("\"issue\"").nextString()).isEqualTo("issue");
    }

    private static void assertFault(String json, String fault) {
        assertThatThrownBy(() -> JsonEvents.byPatron(json.getBytes(UTF_8), KNOWN))
                .hasMessage("the text is not usable JSON: " + fault);
    }

    private static JsonReader reader(String json) {
        return new JsonReader("text", json.getBytes(UTF_8), KNOWN);
    }

    /** A reader that stands before the value of the object's first member. */
    private static JsonReader member(String json) throws InvalidTokenException {
        JsonReader reader = reader(json);
        reader.beginObject();
        reader.nextName();
        return reader;
    }
}
