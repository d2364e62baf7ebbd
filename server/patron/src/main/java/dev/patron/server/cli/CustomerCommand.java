package dev.patron.server.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron customer …}. */
@Command(
        name = "customer",
        description = "Finds, makes, changes, disables, enables and erases the customers of a store.",
        mixinStandardHelpOptions = true)
final class CustomerCommand implements Runnable {

    private static final int PASSWORD_TOO_LONG = 4 * 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a command: list, show, create, update, disable, enable, password-link or erase.");
    }

    @Command(name = "list", description = "Lists the store's customers, by id.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Option(
                            names = "--find",
                            paramLabel = "TEXT",
                            description = "what the e-mail address or a name begins with, or the whole id")
                    @Nullable
                    String text,
            @Option(names = "--limit", defaultValue = "50", description = "1 to 100; 50 when left out") int limit,
            @Option(names = "--after", paramLabel = "NEXT", description = "the next of the list before, to go on")
                    @Nullable
                    String after,
            @Option(names = "--json", description = "print JSON") boolean json) {
        String answer = PatronCommand.client()
                .get(Stores.path(spec, store) + "/customers?limit=" + limit + ConsoleClient.parameter("q", text)
                        + ConsoleClient.parameter("after", after));
        Answers.printList(spec, answer, json, "customers", "No customers.", CustomerCommand::printRow);
    }

    @Command(name = "show", description = "Shows a customer.", mixinStandardHelpOptions = true)
    void show(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "CUSTOMER_ID", description = "the customer's id") long id,
            @Option(names = "--json", description = "print JSON") boolean json) {
        print(PatronCommand.client().get(path(store, id)), json);
    }

    @Command(
            name = "create",
            description = {
                "Makes a customer, and prints a link by which they choose a password.",
                "With --password-stdin the password comes from standard input, and there is no link."
            },
            mixinStandardHelpOptions = true)
    void create(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Option(names = "--email", required = true, description = "their e-mail address") String email,
            @Option(names = "--first-name", required = true, description = "1 to 100 characters") String firstName,
            @Option(names = "--last-name", required = true, description = "1 to 100 characters") String lastName,
            @Option(names = "--group", paramLabel = "GROUP_ID", description = "0, for none, when left out") @Nullable
                    Integer group,
            @Option(names = "--password-stdin", description = "read the password from standard input")
                    boolean withPassword,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("email", email);
        body.put("first_name", firstName);
        body.put("last_name", lastName);
        if (group != null) {
            body.put("group_id", group);
        }
        if (withPassword) {
            body.put("password", Input.readLine(spec, "password", null, PASSWORD_TOO_LONG));
        }
        String answer = PatronCommand.client().post(Stores.path(spec, store) + "/customers", body);
        Answers.print(spec, answer, json, (out, customer) -> {
            printRow(out, customer);
            if (customer.get("password_link") instanceof Map<?, ?> link) {
                out.println("They choose a password at this address, once, until " + link.get("expires_at") + ":");
                out.println(link.get("url"));
            }
        });
    }

    @Command(
            name = "update",
            description = "Changes a customer; tokens have the group from the next one on.",
            mixinStandardHelpOptions = true)
    void update(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "CUSTOMER_ID", description = "the customer's id") long id,
            @Option(names = "--first-name", description = "1 to 100 characters") @Nullable String firstName,
            @Option(names = "--last-name", description = "1 to 100 characters") @Nullable String lastName,
            @Option(names = "--group", paramLabel = "GROUP_ID", description = "0 for none") @Nullable Integer group,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("first_name", firstName);
        body.put("last_name", lastName);
        body.put("group_id", group);
        print(PatronCommand.client().patch(path(store, id), body), json);
    }

    @Command(
            name = "disable",
            description = "Signs a customer out everywhere and gives out no further token about them.",
            mixinStandardHelpOptions = true)
    void disable(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "CUSTOMER_ID", description = "the customer's id") long id,
            @Option(names = "--json", description = "print JSON") boolean json) {
        print(PatronCommand.client().patch(path(store, id), Map.of("disabled", true)), json);
    }

    @Command(name = "enable", description = "Lets a customer sign in again.", mixinStandardHelpOptions = true)
    void enable(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "CUSTOMER_ID", description = "the customer's id") long id,
            @Option(names = "--json", description = "print JSON") boolean json) {
        print(PatronCommand.client().patch(path(store, id), Map.of("disabled", false)), json);
    }

    @Command(
            name = "password-link",
            description =
                    "Makes a link by which a customer chooses a new password, once; an earlier one stops working.",
            mixinStandardHelpOptions = true)
    void passwordLink(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "CUSTOMER_ID", description = "the customer's id") long id,
            @Option(names = "--json", description = "print JSON") boolean json) {
        String answer = PatronCommand.client().post(path(store, id) + "/password-links", Map.of());
        Answers.print(spec, answer, json, (out, link) -> out.println(link.get("url")));
    }

    @Command(
            name = "erase",
            description = "Erases a customer for good, and makes what the ledger has of them anonymous.",
            mixinStandardHelpOptions = true)
    void erase(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "CUSTOMER_ID", description = "the customer's id") long id,
            @Option(names = "--yes", required = true, description = "it cannot be undone: say that you mean it")
                    boolean sure) {
        PatronCommand.client().delete(path(store, id));
        out().println("Erased customer " + id + " of " + store + ".");
        out().flush();
    }

    private void print(String answer, boolean json) {
        Answers.print(spec, answer, json, CustomerCommand::printRow);
    }

    private static void printRow(PrintWriter out, Map<String, Object> customer) {
        out.printf(
                "%-8s  %-8s  %5s  %s  %s %s%n",
                customer.get("id"),
                Boolean.TRUE.equals(customer.get("disabled")) ? "disabled" : "enabled",
                customer.get("group_id"),
                customer.get("email"),
                customer.get("first_name"),
                customer.get("last_name"));
    }

    private String path(String store, long id) {
        return Stores.path(spec, store) + "/customers/" + id;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
