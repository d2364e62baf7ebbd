package dev.patron.server.customer;

/**
 * An Argon2id hash with its salt and parameters, in the PHC string format. {@link #toString()} does not tell it.
 *
 * @param encoded the PHC string
 */
public record PasswordHash(String encoded) {

    @Override
    public String toString() {
        return "PasswordHash[***]";
    }
}
