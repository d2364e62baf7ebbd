package dev.patron.server.customer;

/**
 * What an Argon2 hash costs.
 *
 * @param kibibytes the memory
 * @param passes how often it is gone through
 * @param lanes into how many parts it is divided
 */
record Argon2Cost(int kibibytes, int passes, int lanes) {

    /** The work of one hash, in kibibytes that are filled: what its time is proportional to. */
    long work() {
        return (long) kibibytes * passes;
    }
}
