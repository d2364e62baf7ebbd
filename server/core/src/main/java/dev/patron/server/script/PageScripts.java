package dev.patron.server.script;

import java.util.List;

/**
 * What one shop page has of its merchant's scripts: HTML to be shown as it stands, in the order in which it runs.
 *
 * @param head for the end of the {@code head} element
 * @param footer for the end of the {@code body} element
 */
public record PageScripts(List<String> head, List<String> footer) {

    /** A page without scripts. */
    public static final PageScripts NONE = new PageScripts(List.of(), List.of());

    /** Makes the lists immutable. */
    public PageScripts {
        head = List.copyOf(head);
        footer = List.copyOf(footer);
    }
}
