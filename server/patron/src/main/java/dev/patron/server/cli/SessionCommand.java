package dev.patron.server.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./patron session …}. */
@Command(
        name = "session",
        description = "Lists and ends the sessions of a store's customers.",
        mixinStandardHelpOptions = true)
final class SessionCommand implements Runnable {

    /** Which sessions to end: one, or all of a customer. */
    static final class Ended {

        @Option(names = "--key", description = "the key that the list tells")
        @Nullable
        private String key;

        @Option(names = "--customer", paramLabel = "CUSTOMER_ID", description = "all sessions of this customer")
        @Nullable
        private Long customer;
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: list or end.");
    }

    @Command(name = "list", description = "Lists who is signed in, the newest first.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Option(names = "--customer", paramLabel = "CUSTOMER_ID", description = "of this customer only") @Nullable
                    Long customer,
            @Option(names = "--limit", defaultValue = "50", description = "1 to 100; 50 when left out") int limit,
            @Option(names = "--after", paramLabel = "NEXT", description = "the next of the list before, to go on")
                    @Nullable
                    String after,
            @Option(names = "--json", description = "print JSON") boolean json) {
        String answer = PatronCommand.client()
                .get(Stores.path(spec, store) + "/sessions?limit=" + limit
                        + ConsoleClient.parameter("customer_id", customer)
                        + ConsoleClient.parameter("after", after));
        Answers.printList(
                spec,
                answer,
                json,
                "sessions",
                "Nobody is signed in.",
                (out, session) -> out.printf(
                        "%-20s  customer %-8s  since %s  last seen %s  %s  %s%n",
                        session.get("key"),
                        session.get("customer_id"),
                        session.get("began_at"),
                        session.get("last_seen_at"),
                        text(session.get("address")),
                        text(session.get("browser"))));
    }

    @Command(name = "end", description = "Ends a session, or all of a customer.", mixinStandardHelpOptions = true)
    void end(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @ArgGroup(multiplicity = "1") Ended ended) {
        String path = Stores.path(spec, store);
        if (ended.key != null) {
            if (!ended.key.matches("-?[0-9]{1,19}")) {
                throw new ParameterException(spec.commandLine(), "A session's key is a number: session list tells it.");
            }
            PatronCommand.client().delete(path + "/sessions/" + ended.key);
            out().println("Ended the session.");
        } else {
            PatronCommand.client().delete(path + "/customers/" + ended.customer + "/sessions");
            out().println("Ended all sessions of customer " + ended.customer + ".");
        }
        out().flush();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
