package dev.patron.server.failure;

/**
 * The domain does not do what was asked, and says why: a text that is safe to show to whoever asked. Without a stack trace: it is
 * no fault of the server.
 */
public final class DomainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of reason it is. */
    public enum Kind {
        /** There is no such thing, or not for whoever asked. */
        NOT_FOUND,
        /** Whoever asked may not do it. */
        FORBIDDEN,
        /** It contradicts what is there. */
        CONFLICT
    }

    private final Kind kind;
    private final String id;
    private final String detail;

    /**
     * A reason.
     *
     * @param id the stable id, in snake case
     * @param title what is wrong, the same for each reason with this id
     * @param detail what was expected and what to do
     */
    public DomainException(Kind kind, String id, String title, String detail) {
        super(title, null, false, false);
        this.kind = kind;
        this.id = id;
        this.detail = detail;
    }

    /** What kind of reason it is. */
    public Kind kind() {
        return kind;
    }

    /** The stable id, in snake case. */
    public String id() {
        return id;
    }

    /** What is wrong, the same for each reason with this id. */
    public String title() {
        return String.valueOf(getMessage());
    }

    /** What was expected and what to do. */
    public String detail() {
        return detail;
    }
}
