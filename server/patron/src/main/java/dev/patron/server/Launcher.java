package dev.patron.server;

import dev.patron.server.console.MemberPages;
import dev.patron.server.http.CannotListenException;
import dev.patron.server.log.Failures;
import dev.patron.server.log.Logs;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import java.io.PrintStream;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Starts a server from a shell: reads the options, says where it listens, stops it in good order. */
public final class Launcher {

    /** What else the user should know of a server that is ready. */
    @FunctionalInterface
    public interface Banner {
        /** Prints it. */
        void print(PatronServer server, Options options, PrintStream out);
    }

    private static final int WRONG_OPTION = 2;
    private static final int CANNOT_START = 1;

    private Launcher() {}

    /**
     * Runs a server until the process is told to stop.
     *
     * @param name what the banner calls it
     * @param start opens and starts the server
     * @param banner prints what else the user should know
     */
    public static void run(String name, Function<Options, PatronServer> start, Banner banner) {
        run(name, new Properties(), start, banner);
    }

    /**
     * Runs a server until the process is told to stop.
     *
     * @param name what the banner calls it
     * @param defaults what stands for options that the user has not set, by their names
     * @param start opens and starts the server
     * @param banner prints what else the user should know
     */
    public static void run(String name, Properties defaults, Function<Options, PatronServer> start, Banner banner) {
        Logs.configure();
        Map<String, String> environment = System.getenv();
        try {
            Options options = Options.load(environment, defaults);
            Logs.use(options.get(Options.LOG_FORMAT));
            PatronServer server = start.apply(options);
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                stopped.countDown();
            }));
            PrintStream out = System.out;
            out.println();
            out.println("  " + name + " is ready.");
            out.println();
            out.println("  Storefront   http://localhost:" + server.storefrontPort());
            out.println("  Console      http://localhost:" + server.consolePort());
            if (!server.services().members.hasOperator()) {
                out.println("    nobody runs it yet: make the operator's account, within a day, at");
                out.println("    http://localhost:" + server.consolePort()
                        + MemberPages.welcomePath(server.services().links.create(Purpose.FIRST_OPERATOR, "")));
            }
            banner.print(server, options, out);
            out.println();
            out.println("  Stop it with Ctrl+C.");
            out.println();
            out.flush();
            stopped.await();
        } catch (InvalidOptionException wrong) {
            fail(WRONG_OPTION, String.valueOf(wrong.getMessage()));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            fail(CANNOT_START, explain(failed));
        }
    }

    private static String explain(RuntimeException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotListenException) {
                return "A port is in use already, or an address is not one of this machine. Stop what uses the port, or"
                        + " choose others with PATRON_STOREFRONT_PORT and PATRON_CONSOLE_PORT.";
            }
            if (cause instanceof org.h2.jdbc.JdbcSQLNonTransientConnectionException database
                    && database.getErrorCode() == org.h2.api.ErrorCode.DATABASE_ALREADY_OPEN_1) {
                return "The data folder is in use by another server. Stop that one, or choose another folder with"
                        + " PATRON_DATA.";
            }
        }
        return "The server cannot start.\n" + Failures.describe(failed);
    }

    private static void fail(int status, String message) {
        System.err.println(message);
        System.exit(status);
    }
}
