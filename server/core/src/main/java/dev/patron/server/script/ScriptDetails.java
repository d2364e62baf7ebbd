package dev.patron.server.script;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * What a merchant says of a script.
 *
 * @param name what the merchant calls it: 1 to 200 characters, never shown on a page
 * @param pages the kinds of shop pages that have it, or none for every shop page
 * @param contents HTML, most often {@code script} elements; at most {@link #MAX_CONTENTS} bytes in UTF-8. It is shown
 *     as it stands: it may be anything, and whoever may write it has the store's pages in their hands
 * @param enabled whether pages have it
 * @param order 0 to {@link #MAX_ORDER}: lower ones run first; of equals, the older one does
 */
public record ScriptDetails(
        String name, Place place, Set<PageKind> pages, String contents, boolean enabled, int order) {

    /** The most bytes that the contents may have, in UTF-8. */
    public static final int MAX_CONTENTS = 64 * 1024;

    /** The order of scripts that run last. */
    public static final int MAX_ORDER = 9999;

    /** The order of scripts of which nothing else is said: there is room before and after it. */
    public static final int DEFAULT_ORDER = 100;

    /** Checks everything that can be checked without storage. */
    public ScriptDetails {
        pages = Set.copyOf(pages);
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidScriptException(
                    "name", "A script's name has 1 to 200 characters, none of them a control character.");
        }
        if (contents.isBlank() || contents.getBytes(StandardCharsets.UTF_8).length > MAX_CONTENTS) {
            throw new InvalidScriptException(
                    "contents",
                    "A script's contents are HTML of 1 to " + MAX_CONTENTS
                            + " bytes, such as a script element. Load more than that from a file: <script src=…>.");
        }
        // The database has no place for these, and a browser would replace them.
        if (contents.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(contents)) {
            throw new InvalidScriptException(
                    "contents", "A script's contents must not have NUL or unpaired surrogates.");
        }
        if (order < 0 || order > MAX_ORDER) {
            throw new InvalidScriptException(
                    "order", "A script's order is a whole number from 0 to " + MAX_ORDER + ".");
        }
    }

    /** The same, enabled or disabled. */
    public ScriptDetails withEnabled(boolean other) {
        return new ScriptDetails(name, place, pages, contents, other, order);
    }

    /** Everything but the contents, which can be long and hold whatever the merchant pastes. */
    @Override
    public String toString() {
        return "ScriptDetails[" + name + ", " + place + ", " + pages + ", " + contents.length() + " characters, "
                + (enabled ? "enabled" : "disabled") + ", order " + order + "]";
    }
}
