package dev.patron.server.http;

import dev.patron.endpoint.FormFields;
import dev.patron.endpoint.MalformedFieldsException;
import dev.patron.endpoint.Problem;
import java.util.HashMap;
import java.util.Map;

/** The fields of a form sent as {@code application/x-www-form-urlencoded}. {@link #toString()} tells no value. */
public final class Form {

    private final Map<String, String> fields;

    private Form(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Parses a form; a field that is sent twice, too many, and what cannot be decoded, are refused with 400. */
    static Form parse(String encoded) {
        Map<String, String> fields = new HashMap<>();
        try {
            FormFields.forEach(encoded, (name, value) -> {
                if (fields.put(name, value) != null) {
                    throw new ProblemException(Problem.badRequest("A form field was sent twice."));
                }
            });
        } catch (MalformedFieldsException malformed) {
            throw new ProblemException(Problem.badRequest(malformed.detail()));
        }
        return new Form(fields);
    }

    /** The value of a field, or an empty string when it was not sent. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    @Override
    public String toString() {
        return "Form" + fields.keySet();
    }
}
