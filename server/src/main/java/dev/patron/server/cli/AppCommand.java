package dev.patron.server.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron app …}. */
@Command(name = "app", description = "Registers, lists, disables and enables apps.", mixinStandardHelpOptions = true)
final class AppCommand implements Runnable {

    private static final String PATH = "/api/v1/apps";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: create, list, disable or enable.");
    }

    @Command(
            name = "create",
            description = "Registers an app; prints its client id and, this once, its client secret.",
            mixinStandardHelpOptions = true)
    void create(
            @Option(names = "--name", required = true, description = "1 to 200 characters") String name,
            @Option(names = "--description", defaultValue = "", description = "at most 2000 characters")
                    String description,
            @Option(names = "--algorithm", defaultValue = "HS256", description = "HS256 (default) or HS512")
                    String algorithm,
            @Option(names = "--extra-claim", arity = "0..*", description = "jti, channel_id") List<String> extraClaims,
            @Option(names = "--store", arity = "0..*", description = "confine the app to this store hash")
                    List<String> stores,
            @Option(names = "--origin", arity = "0..*", description = "foreign origin that may ask for its tokens")
                    List<String> origins,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("description", description);
        body.put("algorithm", algorithm);
        body.put("extra_claims", orEmpty(extraClaims));
        body.put("stores", orEmpty(stores));
        body.put("origins", orEmpty(origins));
        String answer = PatronCommand.client().post(PATH, body);
        if (json) {
            out().println(answer);
        } else {
            Map<String, Object> app = ConsoleClient.read(answer);
            out().println("Registered " + app.get("name") + ".");
            out().println("  client id      " + app.get("client_id"));
            out().println("  client secret  " + app.get("client_secret") + "  (shown this once)");
        }
        out().flush();
    }

    @Command(name = "list", description = "Lists the apps.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--json", description = "print JSON") boolean json) {
        String answer = PatronCommand.client().get(PATH);
        if (json) {
            out().println(answer);
        } else {
            List<Map<String, Object>> apps = ConsoleClient.readList(answer, "apps");
            if (apps.isEmpty()) {
                out().println("No apps yet. Register one: patron app create --name NAME");
            }
            for (Map<String, Object> app : apps) {
                out().printf(
                                "%-40s  %s  %-8s  %s%n",
                                app.get("client_id"),
                                app.get("algorithm"),
                                Boolean.TRUE.equals(app.get("disabled")) ? "disabled" : "active",
                                app.get("name"));
            }
        }
        out().flush();
    }

    @Command(
            name = "disable",
            description = "Disables an app: it gets no token from the next request on.",
            mixinStandardHelpOptions = true)
    void disable(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Option(names = "--json", description = "print JSON") boolean json) {
        setDisabled(clientId, true, json);
    }

    @Command(
            name = "enable",
            description = "Enables an app that was disabled, from the next request on.",
            mixinStandardHelpOptions = true)
    void enable(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Option(names = "--json", description = "print JSON") boolean json) {
        setDisabled(clientId, false, json);
    }

    private void setDisabled(String clientId, boolean disabled, boolean json) {
        if (!clientId.matches("[A-Za-z0-9]{20,64}")) {
            throw new ParameterException(
                    spec.commandLine(), "A client id has 20 to 64 of the characters A-Z, a-z and 0-9.");
        }
        String answer = PatronCommand.client().patch(PATH + "/" + clientId, Map.of("disabled", disabled));
        out().println(json ? answer : (disabled ? "Disabled " : "Enabled ") + clientId + ".");
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static List<String> orEmpty(@org.jspecify.annotations.Nullable List<String> list) {
        return list == null ? List.of() : list;
    }
}
