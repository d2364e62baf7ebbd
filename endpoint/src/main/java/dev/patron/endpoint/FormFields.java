package dev.patron.endpoint;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads queries and forms: {@code application/x-www-form-urlencoded} (WHATWG URL, section 5.1), with at most {@value #MOST_FIELDS} fields. */
public final class FormFields {

    /** How many fields a query or a form has at most. */
    public static final int MOST_FIELDS = 100;

    private FormFields() {}

    /**
     * Hands on each field, decoded, in the order in which they were sent.
     *
     * @param encoded the query or the form
     * @param consumer is given names and values
     * @throws MalformedFieldsException when there are too many, or one cannot be decoded
     */
    public static void forEach(String encoded, BiConsumer<String, String> consumer) {
        int fields = 0;
        for (int start = 0, end; start <= encoded.length(); start = end + 1) {
            end = encoded.indexOf('&', start);
            end = end < 0 ? encoded.length() : end;
            String pair = encoded.substring(start, end);
            if (pair.isEmpty()) {
                continue;
            }
            if (++fields > MOST_FIELDS) {
                throw new MalformedFieldsException(
                        "The query or the form has more than " + MOST_FIELDS + " fields. Send fewer.");
            }
            int equals = pair.indexOf('=');
            consumer.accept(
                    decode(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
    }

    /**
     * The values of a field, decoded.
     *
     * @param encoded the query or the form
     * @param name the field's name
     * @return in the order in which they were sent
     * @throws MalformedFieldsException when there are too many fields, or one cannot be decoded
     */
    public static List<String> values(String encoded, String name) {
        List<String> values = new ArrayList<>(1);
        forEach(encoded, (field, value) -> {
            if (field.equals(name)) {
                values.add(value);
            }
        });
        return values;
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new MalformedFieldsException("The query or the form is not valid application/x-www-form-urlencoded.");
        }
    }
}
