package dev.patron.server.log;

import java.sql.SQLException;

/** Describes failures for the log: kinds and places, never messages, which may quote a customer's data. */
public final class Failures {

    private static final int FRAMES = 12;

    private Failures() {}

    /** The failure's kind and where it happened, and the same of its causes; of a failed statement the SQLSTATE as well. */
    public static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : "\n  caused by ")
                    .append(cause.getClass().getName());
            if (cause instanceof SQLException sql) {
                text.append(" (SQLSTATE ").append(sql.getSQLState()).append(')');
            }
            StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                text.append("\n    at ").append(frames[i]);
            }
        }
        return text.toString();
    }
}
