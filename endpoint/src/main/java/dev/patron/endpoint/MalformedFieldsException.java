package dev.patron.endpoint;

/** A query or a form cannot be read. Without a stack trace: it is the client's fault. */
public final class MalformedFieldsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String detail;

    MalformedFieldsException(String detail) {
        super(detail, null, false, false);
        this.detail = detail;
    }

    /**
     * What is wrong, safe to show to whoever sent it.
     *
     * @return a sentence
     */
    public String detail() {
        return detail;
    }
}
