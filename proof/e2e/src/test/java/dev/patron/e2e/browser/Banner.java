package dev.patron.e2e.browser;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the sandbox prints when it is ready. */
final class Banner {

    private Banner() {}

    /** The word that follows a label. */
    static String word(String banner, String label) {
        Matcher matcher =
                Pattern.compile("(?m)^ *" + Pattern.quote(label) + " +(\\S+)").matcher(banner);
        if (!matcher.find()) {
            throw new AssertionError("The banner does not tell \"" + label + "\":\n" + banner);
        }
        return matcher.group(1);
    }
}
