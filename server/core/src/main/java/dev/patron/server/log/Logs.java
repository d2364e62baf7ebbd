package dev.patron.server.log;

import dev.patron.server.options.LogFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Sets up the log of this process, which goes to standard error. */
public final class Logs {

    private Logs() {}

    /** What is logged, for people to read. */
    public static void configure() {
        try (InputStream configuration = Logs.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(configuration);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** In which form. */
    public static void use(LogFormat format) {
        Formatter formatter = switch (format) {
            case HUMAN -> new HumanFormatter();
            case JSON -> new JsonFormatter();
        };
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(formatter);
        }
    }
}
