package dev.patron.server.options;

/** What lines of the log look like. */
public enum LogFormat {
    /** For people. */
    HUMAN,
    /** One JSON object each. */
    JSON
}
