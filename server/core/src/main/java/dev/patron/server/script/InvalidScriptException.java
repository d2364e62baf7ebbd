package dev.patron.server.script;

/** A script cannot be kept as described. The message says what was wrong and what is allowed. */
public final class InvalidScriptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String member;
    private final String detail;

    InvalidScriptException(String member, String detail) {
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
