package dev.patron.server.account;

import org.jspecify.annotations.Nullable;

/**
 * What the sign-in page shows. {@link #toString()} tells none of it.
 *
 * @param email what was typed before, or an empty string
 * @param redirectTo where to go on to, or an empty string
 * @param fault why the last attempt failed, or null
 * @param notice something else to know, or null
 */
public record SignInPage(
        String email,
        String redirectTo,
        @Nullable String fault,
        @Nullable String notice) {

    @Override
    public String toString() {
        return "SignInPage[***]";
    }
}
