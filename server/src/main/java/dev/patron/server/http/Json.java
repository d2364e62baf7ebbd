package dev.patron.server.http;

import java.util.Map;
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
            return MAPPER.readValue(body, new TypeReference<>() {});
        } catch (JacksonException malformed) {
            throw new RefusedException(
                    Problem.badRequest("The body must be one JSON object, without repeated members."));
        }
    }
}
