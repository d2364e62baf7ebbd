package dev.patron.server.doctor;

/**
 * What one check came to.
 *
 * @param id stable, for scripts
 * @param found what is so
 * @param cure what to do; empty when all is well
 */
public record Finding(Level level, String id, String found, String cure) {

    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        GOOD,
        /** It works, but could be better. */
        NOTE,
        /** It does not work, or is not safe. */
        PROBLEM
    }

    static Finding good(String id, String found) {
        return new Finding(Level.GOOD, id, found, "");
    }

    static Finding note(String id, String found, String cure) {
        return new Finding(Level.NOTE, id, found, cure);
    }

    static Finding problem(String id, String found, String cure) {
        return new Finding(Level.PROBLEM, id, found, cure);
    }
}
