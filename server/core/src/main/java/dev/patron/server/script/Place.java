package dev.patron.server.script;

/** Where in a page a script stands. */
public enum Place {

    /** At the end of the {@code head} element: it runs before there is anything to see. */
    HEAD,

    /** At the end of the {@code body} element: it runs when everything above it is there. */
    FOOTER
}
