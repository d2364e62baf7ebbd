package dev.patron.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The fields of a form sent as {@code application/x-www-form-urlencoded}. {@link #toString()} tells no value. */
public final class Form {

    private final Map<String, String> fields;

    private Form(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Parses a form; a field that is sent twice, or cannot be decoded, is refused with 400. */
    static Form parse(String encoded) {
        Map<String, String> fields = new HashMap<>();
        forEach(encoded, (name, value) -> {
            if (fields.put(name, value) != null) {
                throw new RefusedException(Problem.badRequest("A form field was sent twice."));
            }
        });
        return new Form(fields);
    }

    /** Hands on each field of a form or a query in its order, decoded; what cannot be decoded is refused with 400. */
    static void forEach(String encoded, BiConsumer<String, String> consumer) {
        for (String pair : encoded.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            consumer.accept(
                    decode(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
    }

    /** The value of a field, or an empty string when it was not sent. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException(
                    Problem.badRequest("The query or the form is not valid application/x-www-form-urlencoded."));
        }
    }

    @Override
    public String toString() {
        return "Form" + fields.keySet();
    }
}
