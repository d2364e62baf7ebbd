package dev.patron.server.sql;

import java.util.OptionalLong;

/** A change was made from a revision that is not the current one: somebody else was faster. Nothing was changed. */
public final class RevisionConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long current;

    private RevisionConflictException(long expected, long current) {
        super("The change was made from revision " + expected + ", but revision " + current + " is the current one.");
        this.expected = expected;
        this.current = current;
    }

    /**
     * Lets a change pass that was made from the current revision, or from none in particular.
     *
     * @throws RevisionConflictException when it was made from another one
     */
    public static void unlessCurrent(OptionalLong expected, long current) {
        if (expected.isPresent() && expected.getAsLong() != current) {
            throw new RevisionConflictException(expected.getAsLong(), current);
        }
    }

    /** The revision from which the change was made. */
    public long expected() {
        return expected;
    }

    /** The revision that there is. */
    public long current() {
        return current;
    }
}
