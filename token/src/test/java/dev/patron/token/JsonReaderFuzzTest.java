package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Our JSON reader and Jackson, set to be strict, with the JDK's strict UTF-8 decoder before it, accept the same texts and
 * read the same from them. One exception, on purpose: we refuse escapes of unpaired surrogates.
 */
class JsonReaderFuzzTest {
    private static final KnownStrings KNOWN = new KnownStrings(List.of("aud", "iss", "customer", "application_id"));

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
            return JsonEvents.byJackson(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
        } catch (JacksonException | CharacterCodingException e) {
            return null;
        }
    }
}
