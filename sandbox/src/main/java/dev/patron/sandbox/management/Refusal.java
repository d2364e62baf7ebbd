package dev.patron.sandbox.management;

import java.util.Map;

/** A request is not answered as asked. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient Map<String, String> fields;

    Refusal(int status, String title) {
        this(status, title, Map.of());
    }

    /** @param fields what is wrong with which */
    Refusal(int status, String title, Map<String, String> fields) {
        super(title, null, false, false);
        this.status = status;
        this.title = title;
        this.fields = fields;
    }

    static Refusal notFound() {
        return new Refusal(404, "The requested resource was not found.");
    }

    /** v3: a field of the body or the query is wrong. */
    static Refusal invalid(String field, String expected) {
        return new Refusal(422, field + ": " + expected, Map.of(field, expected));
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    Map<String, String> fields() {
        return fields;
    }
}
