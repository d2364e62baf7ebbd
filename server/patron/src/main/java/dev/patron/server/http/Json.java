package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON bodies. Thread-safe. */
public final class Json {

    private static final int MOST_DEPTH = 16;
    private static final int MOST_TOKENS = 2_000;
    private static final int MOST_NAME_CHARACTERS = 200;
    private static final int MOST_NUMBER_CHARACTERS = 40;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxTokenCount(MOST_TOKENS)
                            .maxNameLength(MOST_NAME_CHARACTERS)
                            .maxNumberLength(MOST_NUMBER_CHARACTERS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final TypeReference<@Nullable Map<String, Object>> OBJECT = new TypeReference<>() {};

    private Json() {}

    /** Writes maps, lists, strings, numbers, booleans and null as compact JSON. */
    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * Reads a JSON object: at most 16 levels deep, with at most 2,000 names, values and brackets.
     *
     * @throws ProblemException 400 when it is not one JSON object, has a member twice, or is larger than that
     */
    public static Map<String, Object> readObject(byte[] body) {
        try {
            // The document null is read as null.
            Map<String, Object> members = MAPPER.<@Nullable Map<String, Object>>readValue(body, OBJECT);
            if (members != null) {
                return members;
            }
        } catch (StreamConstraintsException tooLarge) {
            throw new ProblemException(
                    Problem.badRequest("The body must be JSON with at most " + MOST_DEPTH + " levels, "
                            + MOST_TOKENS + " names, values and brackets, names of " + MOST_NAME_CHARACTERS
                            + " and numbers of " + MOST_NUMBER_CHARACTERS + " characters."));
        } catch (JacksonException malformed) {
            // Refused below.
        }
        throw new ProblemException(Problem.badRequest("The body must be one JSON object, without repeated members."));
    }
}
