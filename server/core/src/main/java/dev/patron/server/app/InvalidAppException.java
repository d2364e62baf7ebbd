package dev.patron.server.app;

/** An app cannot be registered as described. The message says what was wrong and what is allowed. */
public final class InvalidAppException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String member;
    private final String detail;

    InvalidAppException(String member, String detail) {
        super(detail);
        this.member = member;
        this.detail = detail;
    }

    /** Which member of the description was wrong, as the API names it. */
    public String member() {
        return member;
    }

    /** What was wrong and what is allowed, safe to show. */
    public String detail() {
        return detail;
    }
}
