package dev.patron.spring;

/** A property of the app is wrong: the start is stopped. */
public final class InvalidPatronPropertyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Which. */
    private final String property;

    /** What to do. */
    private final String cure;

    InvalidPatronPropertyException(String property, String fault, String cure) {
        super(property + ": " + fault);
        this.property = property;
        this.cure = cure;
    }

    /**
     * Which property.
     *
     * @return such as {@code patron.client-id}
     */
    public String property() {
        return property;
    }

    /**
     * What to do about it.
     *
     * @return a sentence
     */
    public String cure() {
        return cure;
    }
}
