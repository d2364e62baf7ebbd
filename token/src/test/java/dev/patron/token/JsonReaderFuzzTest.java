package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Our JSON reader and Jackson, set to be strict, with the JDK's strict UTF-8 decoder before it, accept the same texts and
 * read the same from them. Two exceptions, on purpose: we refuse escapes of unpaired surrogates, and escapes whose digits
 * are not ASCII.
 */
class JsonReaderFuzzTest {
    private static final KnownStrings KNOWN = new KnownStrings(List.of("aud", "iss", "customer", "application_id"));

    /** Jackson looks at the low eight bits of a digit only, so that it reads U+0363 as a c. */
    private static final Pattern ESCAPE_NOT_ASCII =
            Pattern.compile("(?<!\\\\)(\\\\\\\\)*\\\\u\\p{XDigit}{0,3}[^\\x00-\\x7F]");

    @FuzzTest(maxDuration = "10s")
    void readsLikeJackson(byte[] json) {
        List<String> ours = ours(json);
        List<String> jacksons = jacksons(json);
        if (ours == null && jacksons != null && !jacksons.stream().allMatch(Text::isWellFormed)) {
            return;
        }
        if (ours == null ? jacksons != null : !ours.equals(jacksons)) {
            throw new AssertionError("we read " + ours + ", Jackson " + jacksons);
        }
    }

    private static @Nullable List<String> ours(byte[] json) {
        try {
            return JsonEvents.byPatron(json, KNOWN);
        } catch (InvalidTokenException e) {
            return null;
        }
    }

    private static @Nullable List<String> jacksons(byte[] json) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
            return ESCAPE_NOT_ASCII.matcher(text).find() ? null : JsonEvents.byJackson(text);
        } catch (JacksonException | CharacterCodingException e) {
            return null;
        }
    }
}
