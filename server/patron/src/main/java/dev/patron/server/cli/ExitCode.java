package dev.patron.server.cli;

/** What the exit status of a command means; 0 is success and 2 a wrong command line. */
final class ExitCode {

    /** The server refused: the message says why. */
    static final int REFUSED = 1;

    /** The server did not answer. */
    static final int UNREACHABLE = 3;

    /** The operator token is missing, unreadable or wrong. */
    static final int NOT_ALLOWED = 4;

    private ExitCode() {}
}
