package dev.patron.endpoint.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A response as it came over the wire. */
public record Answer(int status, List<Map.Entry<String, String>> headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The values of a header, in the order in which they were sent. */
    public List<String> all(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The value of a header that was sent at most once. */
    public Optional<String> header(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new AssertionError(name + " was sent " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    /** The body as JSON. */
    public JsonNode json() {
        return JSON.readTree(body);
    }

    /** The id of the error in a storefront's error document. */
    public String errorId() {
        JsonNode errors = json().path("errors");
        if (errors.size() != 1) {
            throw new AssertionError("Not an error document: " + status + " " + body);
        }
        return errors.path(0).path("id").asString();
    }

    /** The status and the error's id: {@code 404 not_signed_in}; only the status of what is no error. */
    public String outcome() {
        return status < 400 ? Integer.toString(status) : status + " " + errorId();
    }

    /** How many bytes the body has. */
    public int length() {
        return body.getBytes(StandardCharsets.UTF_8).length;
    }
}
