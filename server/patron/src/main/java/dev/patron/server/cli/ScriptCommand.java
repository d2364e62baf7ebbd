package dev.patron.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron script …}. */
@Command(
        name = "script",
        description = "Adds, lists, enables, disables and removes the scripts on a store's shop pages.",
        mixinStandardHelpOptions = true)
final class ScriptCommand implements Runnable {

    private static final int TOO_LONG = 64 * 1024 + 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: add, list, enable, disable or remove.");
    }

    @Command(
            name = "add",
            description = "Adds a script; the next view of a page has it.",
            mixinStandardHelpOptions = true)
    void add(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Option(names = "--name", required = true, description = "1 to 200 characters") String name,
            @Option(names = "--place", defaultValue = "footer", description = "footer (default) or head") String place,
            @Option(names = "--page", arity = "1..*", description = "front, category, product; all when left out")
                    @Nullable
                    List<String> pages,
            @Option(names = "--order", description = "0 to 9999, 100 when left out; lower ones run first") @Nullable
                    Integer order,
            @Option(names = "--disabled", description = "add it, but do not show it yet") boolean disabled,
            @Option(names = "--file", description = "HTML with the script; standard input when left out") @Nullable
                    Path file,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("place", place);
        if (pages != null) {
            body.put("pages", pages);
        }
        if (order != null) {
            body.put("order", order);
        }
        body.put("enabled", !disabled);
        // Too long a script is sent as far as shows that: the server says so then.
        body.put("contents", Input.read(spec, "script", file, TOO_LONG));
        String answer = PatronCommand.client().post(path(store), body);
        Answers.print(
                spec,
                answer,
                json,
                (out, script) -> out.println("Added " + script.get("name") + " as script " + script.get("id") + "."));
    }

    @Command(
            name = "list",
            description = "Lists a store's scripts, in the order in which they run.",
            mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Answers.printList(
                spec,
                PatronCommand.client().get(path(store)),
                json,
                "scripts",
                "No scripts yet. Add one: patron script add --store " + store + " --name NAME --file FILE",
                (out, script) -> out.printf(
                        "%-6s  %-6s  %-8s  %4s  %-23s  %s%n",
                        script.get("id"),
                        script.get("place"),
                        Boolean.TRUE.equals(script.get("enabled")) ? "enabled" : "disabled",
                        script.get("order"),
                        String.join(",", ConsoleClient.texts(script.get("pages"))),
                        script.get("name")));
    }

    @Command(
            name = "enable",
            description = "Enables a script; the next view of a page has it.",
            mixinStandardHelpOptions = true)
    void enable(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "SCRIPT_ID", description = "the script's id") long id,
            @Option(names = "--json", description = "print JSON") boolean json) {
        setEnabled(store, id, true, json);
    }

    @Command(
            name = "disable",
            description = "Disables a script; the next view of a page has it no more.",
            mixinStandardHelpOptions = true)
    void disable(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "SCRIPT_ID", description = "the script's id") long id,
            @Option(names = "--json", description = "print JSON") boolean json) {
        setEnabled(store, id, false, json);
    }

    @Command(name = "remove", description = "Removes a script for good.", mixinStandardHelpOptions = true)
    void remove(
            @Option(names = "--store", required = true, description = "the store hash") String store,
            @Parameters(paramLabel = "SCRIPT_ID", description = "the script's id") long id) {
        PatronCommand.client().delete(path(store) + "/" + id);
        out().println("Removed script " + id + ".");
        out().flush();
    }

    private void setEnabled(String store, long id, boolean enabled, boolean json) {
        String answer = PatronCommand.client().patch(path(store) + "/" + id, Map.of("enabled", enabled));
        Answers.print(
                spec,
                answer,
                json,
                (out, _) -> out.println((enabled ? "Enabled" : "Disabled") + " script " + id + "."));
    }

    private String path(String store) {
        return Stores.path(spec, store) + "/scripts";
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
