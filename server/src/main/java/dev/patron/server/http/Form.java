package dev.patron.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The fields of a form sent as {@code application/x-www-form-urlencoded}. {@link #toString()} tells no value. */
public final class Form {

    /** How many fields a form or a query has at most. */
    static final int MOST_FIELDS = 100;

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

    /** Hands on each field of a form or a query in its order, decoded. Too many, and what cannot be decoded, are refused with 400. */
    static void forEach(String encoded, BiConsumer<String, String> consumer) {
        int fields = 0;
        for (int start = 0, end; start <= encoded.length(); start = end + 1) {
            end = encoded.indexOf('&', start);
            end = end < 0 ? encoded.length() : end;
            String pair = encoded.substring(start, end);
            if (pair.isEmpty()) {
                continue;
            }
            if (++fields > MOST_FIELDS) {
                throw new RefusedException(Problem.badRequest(
                        "The query or the form has more than " + MOST_FIELDS + " fields. Send fewer."));
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
