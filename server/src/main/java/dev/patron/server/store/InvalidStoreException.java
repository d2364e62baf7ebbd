package dev.patron.server.store;

/** A store cannot be made as described. The message says what was wrong and what is allowed. */
public final class InvalidStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String detail;

    InvalidStoreException(String detail) {
        super(detail);
        this.detail = detail;
    }

    /** What was wrong and what is allowed, safe to show. */
    public String detail() {
        return detail;
    }
}
