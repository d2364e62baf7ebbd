package dev.patron.server.account;

import java.util.Map;

/**
 * What the page for a new account shows: what was typed before, except passwords. {@link #toString()}
 * tells none of it.
 *
 * @param minPasswordLength in characters
 * @param faults what is wrong, by form field
 */
public record CreateAccountPage(
        String firstName, String lastName, String email, int minPasswordLength, Map<String, String> faults) {

    /** An empty form. */
    static CreateAccountPage empty(int minPasswordLength) {
        return new CreateAccountPage("", "", "", minPasswordLength, Map.of());
    }

    @Override
    public String toString() {
        return "CreateAccountPage[***]";
    }
}
