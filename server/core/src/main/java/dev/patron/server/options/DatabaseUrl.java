package dev.patron.server.options;

import java.util.regex.Pattern;

/** Where a PostgreSQL database is. It may be shown in messages, so it must hold no password. */
final class DatabaseUrl {

    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern CREDENTIALS =
            Pattern.compile("//[^/?]*@|[?&](user|password|sslpassword)=", Pattern.CASE_INSENSITIVE);

    private DatabaseUrl() {}

    static String check(String text) {
        if (CREDENTIALS.matcher(text).find()) {
            throw new IllegalArgumentException("holds a user or a password, which belong to patron.database.user and"
                    + " patron.database.password");
        }
        if (!text.isEmpty() && !text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("does not begin with " + PREFIX + "//");
        }
        return text;
    }
}
