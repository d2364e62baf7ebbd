package dev.patron.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Reads the log during a test, at finer levels than in production, and fails the test when a line tells something
 * that was {@linkplain #watch watched}: a session id, a password, a token, a client secret, an e-mail address.
 */
public final class LogSecrecy implements BeforeEachCallback, AfterEachCallback {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger PATRON = Logger.getLogger("dev.patron");

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler reader = new Reader();
    private List<Level> levels = List.of();
    private List<Handler> others = List.of();

    /** Something that no line of the log may tell from now on, in this form. Short texts occur by chance: at least 5. */
    public void watch(String secret) {
        if (secret.length() < 5) {
            throw new IllegalArgumentException("Too short to be told from other text");
        }
        secrets.add(secret);
    }

    /** What has been logged so far. */
    public List<String> lines() {
        return lines;
    }

    /** Fails when a line tells a secret. */
    public void check() {
        for (String line : lines) {
            for (String secret : secrets) {
                if (line.contains(secret)) {
                    throw new AssertionError("The log tells the secret " + secret + ":\n" + line);
                }
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        levels = List.of(level(ROOT), level(PATRON));
        ROOT.setLevel(Level.FINE);
        PATRON.setLevel(Level.ALL);
        // What is written at these levels is read here, and does not go to the console as well.
        others = List.of(ROOT.getHandlers());
        others.forEach(ROOT::removeHandler);
        ROOT.addHandler(reader);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ROOT.removeHandler(reader);
        others.forEach(ROOT::addHandler);
        ROOT.setLevel(levels.getFirst());
        PATRON.setLevel(levels.getLast());
        check();
    }

    private static Level level(Logger logger) {
        Level level = logger.getLevel();
        return level == null ? Level.INFO : level;
    }

    private final class Reader extends Handler {

        private final SimpleFormatter formatter = new SimpleFormatter();

        Reader() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord line) {
            StringWriter text = new StringWriter();
            PrintWriter writer = new PrintWriter(text);
            writer.println(line.getLevel() + " " + line.getLoggerName() + ": " + formatter.formatMessage(line));
            if (line.getThrown() != null) {
                line.getThrown().printStackTrace(writer);
            }
            writer.flush();
            lines.add(text.toString());
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
