package dev.patron.token;

import static dev.patron.token.Forge.base64url;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The small parts under the verifier: base64url, HMAC, known strings, text for messages. */
class LayersTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @Test
    void base64url_everyShortText_decodesOnlyWhatEncodes() throws Exception {
        for (int length = 0; length <= 40; length++) {
            byte[] bytes = new byte[length];
            new SplittableRandom(length).nextBytes(bytes);
            String text = base64url(bytes);
            assertThat(Base64Url.encode(bytes)).isEqualTo(text.getBytes(UTF_8));
            assertThat(Base64Url.encodedLength(length)).isEqualTo(text.length());
            assertThat(decode(text)).isEqualTo(bytes);
            for (int last = 0; last < 128; last++) {
                if (length > 0) {
                    assertStrict(text.substring(0, text.length() - 1) + (char) last);
                }
            }
        }
    }

    /** Every text of up to two characters of the alphabet and some strangers. */
    @Test
    void base64url_everyTextOfTwo_decodesOnlyWhatEncodes() {
        char[] characters = (ALPHABET + "=+/ .\n?é").toCharArray();
        for (char first : characters) {
            assertStrict(String.valueOf(first));
            for (char second : characters) {
                assertStrict("" + first + second);
                assertStrict("AB" + first + second);
                assertStrict("A" + first + second);
            }
        }
    }

    private static void assertStrict(String text) {
        byte[] expected;
        try {
            expected = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            expected = new byte[0];
        }
        if (base64url(expected).equals(text)) {
            assertThat(decodeOrNothing(text)).as(text).containsExactly(expected);
        } else {
            assertThatThrownBy(() -> decode(text))
                    .as(text)
                    .isInstanceOf(InvalidTokenException.class)
                    .hasMessageStartingWith("the part is not strict base64url: it has ");
        }
    }

    private static byte[] decodeOrNothing(String text) {
        try {
            return decode(text);
        } catch (InvalidTokenException e) {
            throw new AssertionError(text, e);
        }
    }

    private static byte[] decode(String text) throws InvalidTokenException {
        byte[] bytes = ("~~" + text + "~").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return Base64Url.decode("part", bytes, 2, bytes.length - 1);
    }

    @Test
    void base64url_messages_sayWhatIsWrong() {
        assertThatThrownBy(() -> decode("QQ==")).hasMessageEndingWith("it has padding");
        assertThatThrownBy(() -> decode("QR"))
                .hasMessageEndingWith("it has a last character with unused bits set or outside the alphabet");
        assertThatThrownBy(() -> decode("Q"))
                .hasMessageEndingWith("it has a character outside the alphabet, or one character too many or too few");
    }

    /** Keys shorter than, as long as, and longer than a block of the hash function; texts of every length. */
    @Test
    void hmac_anyKeyAndText_isTheJdks() {
        SplittableRandom random = new SplittableRandom(1);
        for (JwsAlgorithm algorithm : JwsAlgorithm.values()) {
            for (int keyLength = 1; keyLength <= 140; keyLength++) {
                byte[] key = new byte[keyLength];
                random.nextBytes(key);
                HmacKey hmac = new HmacKey(algorithm, key);
                for (int length : new int[] {0, 1, 63, 64, 65, keyLength, 300}) {
                    String text = "x".repeat(length);
                    byte[] expected = Forge.mac(algorithm, key, text);
                    byte[] padded = Arrays.copyOf(text.getBytes(UTF_8), length + 3);
                    assertThat(hmac.mac(padded, length)).isEqualTo(expected);
                    assertThat(hmac.mac(padded, length)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void knownStrings_findsThemAndNothingElse() {
        List<String> strings = new ArrayList<>();
        IntStream.range(0, 63)
                .mapToObj(i ->
                        "abcdefghijklmnopqrstuvwxyz0123456789".substring(i % 30, i % 30 + 1 + i % 7) + "-".repeat(i))
                .forEach(strings::add);
        strings.add("");
        KnownStrings known = new KnownStrings(strings);
        for (String string : strings) {
            byte[] bytes = ("<" + string + ">").getBytes(UTF_8);
            int index = known.indexOf(bytes, 1, bytes.length - 1);
            assertThat(known.get(index)).isSameAs(string);
            assertThat(known.find(bytes, 1, bytes.length - 1)).isSameAs(string);
            byte[] alone = string.getBytes(UTF_8);
            assertThat(known.find(alone, 0, alone.length)).isSameAs(string);
            for (int i = 0; i < alone.length; i++) {
                byte[] other = alone.clone();
                other[i] = '~';
                assertThat(known.find(other, 0, other.length)).isNull();
                assertThat(known.indexOf(other, 0, other.length)).isNegative();
            }
            assertThat(known.find(bytes, 0, bytes.length)).isNull();
        }
        assertThat(known.find(new byte[] {0}, 0, 1)).isNull();
    }

    @Test
    void knownStrings_moreThanSixtyFour_fails() {
        List<String> strings =
                IntStream.range(0, 65).mapToObj(Integer::toString).toList();
        assertThatThrownBy(() -> new KnownStrings(strings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are 65 strings; expected up to 64");
        List<String> twice = new ArrayList<>(strings.subList(0, 64));
        twice.addAll(strings.subList(0, 64));
        assertThat(new KnownStrings(twice).get(63)).isEqualTo("63");
    }

    @Test
    void text_isWellFormed_meansSurrogatesInPairs() {
        for (String sound :
                List.of("", "a", "é", "\ud83d\ude00", "a\ud83d\ude00b", "\ud7ff\ue000", "\ud83d\ude00\ud83d\ude00")) {
            assertThat(Text.isWellFormed(sound)).isTrue();
        }
        for (String unsound : List.of(
                "\ud800", "\udc00", "\udfff", "\udbff", "a\ud83d", "\ud83da", "\ude00\ud83d", "\ud83d\ud83d\ude00")) {
            assertThat(Text.isWellFormed(unsound)).isFalse();
        }
    }

    @Test
    void text_shown_isQuotedPrintableAndShort() {
        assertThat(Text.shown(null)).isEqualTo("none");
        assertThat(Text.shown("")).isEqualTo("\"\"");
        assertThat(Text.shown(" ~az09/")).isEqualTo("\" ~az09/\"");
        assertThat(Text.shown("\"\\\u001f\u007fé")).isEqualTo("\"\\u0022\\u005c\\u001f\\u007f\\u00e9\"");
        assertThat(Text.shown("x".repeat(64))).isEqualTo("\"" + "x".repeat(64) + "\"");
        assertThat(Text.shown("x".repeat(65))).isEqualTo("\"" + "x".repeat(64) + "...\"");
    }
}
