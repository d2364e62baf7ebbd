package dev.patron.server.page;

/** An e-mail address that only its owner recognises: its first character and its domain. */
public final class MaskedEmail {

    private MaskedEmail() {}

    /** The address {@code j•••@example.com} of {@code john@example.com}. */
    public static String of(String email) {
        int at = email.lastIndexOf('@');
        if (at < 1) {
            return "•••";
        }
        return email.substring(0, email.offsetByCodePoints(0, 1)) + "•••" + email.substring(at);
    }
}
