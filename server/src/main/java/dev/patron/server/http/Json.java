package dev.patron.server.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON bodies. Thread-safe. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
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
     * Reads a JSON object.
     *
     * @throws RefusedException 400 when it is not one JSON object, or has a member twice
     */
    public static Map<String, Object> readObject(byte[] body) {
        try {
            // The document null is read as null.
            Map<String, Object> members = MAPPER.<@Nullable Map<String, Object>>readValue(body, OBJECT);
            if (members != null) {
                return members;
            }
        } catch (JacksonException malformed) {
            // Refused below.
        }
        throw new RefusedException(Problem.badRequest("The body must be one JSON object, without repeated members."));
    }
}
