package dev.patron.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron app …}. */
@Command(
        name = "app",
        description = "Registers, imports, shows, rotates, disables and enables apps, and approves their origins.",
        subcommands = {RotateCommand.class, OriginCommand.class},
        mixinStandardHelpOptions = true)
final class AppCommand implements Runnable {

    private static final String PATH = "/api/v1/apps";
    private static final int SECRET_TOO_LONG = 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a command: create, import, list, show, rotate, retire, disable, enable or origin.");
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
            @Option(
                            names = "--origin",
                            arity = "0..*",
                            description = "foreign origin that may ask for its tokens at every store")
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
        Answers.print(spec, answer, json, (out, app) -> {
            out.println("Registered " + app.get("name") + ".");
            out.println("  client id      " + app.get("client_id"));
            out.println("  client secret  " + app.get("client_secret") + "  (shown this once)");
        });
    }

    @Command(
            name = "import",
            description = {
                "Takes an app over from elsewhere, with its client id and its client secret.",
                "The secret comes from a file or from standard input, never from the command line."
            },
            mixinStandardHelpOptions = true)
    void importApp(
            @Option(names = "--name", required = true, description = "1 to 200 characters") String name,
            @Option(names = "--client-id", required = true, description = "20 to 64 of A-Z, a-z and 0-9")
                    String clientId,
            @Option(names = "--secret-file", description = "the client secret; standard input when left out") @Nullable
                    Path secretFile,
            @Option(names = "--algorithm", defaultValue = "HS256", description = "HS256 (default) or HS512")
                    String algorithm,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("client_id", clientId);
        body.put("client_secret", Input.readLine(spec, "client secret", secretFile, SECRET_TOO_LONG));
        body.put("algorithm", algorithm);
        Map<String, Object> app = ConsoleClient.read(PatronCommand.client().post(PATH, body));
        // Whoever imports it has it.
        app.remove("client_secret");
        Answers.print(
                spec,
                ConsoleClient.write(app),
                json,
                (out, _) -> out.println("Imported " + name + " as " + clientId + "."));
    }

    @Command(name = "list", description = "Lists the apps.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--json", description = "print JSON") boolean json) {
        Answers.printList(
                spec,
                PatronCommand.client().getAll(PATH, "apps"),
                json,
                "apps",
                "No apps yet. Register one: patron app create --name NAME",
                (out, app) -> out.printf(
                        "%-40s  %s  %-17s  %s%n",
                        app.get("client_id"), app.get("algorithm"), state(app), app.get("name")));
    }

    @Command(
            name = "show",
            description = "Shows an app and what may be known of its secrets.",
            mixinStandardHelpOptions = true)
    void show(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Answers.print(spec, PatronCommand.client().get(path(spec, clientId)), json, AppCommand::print);
    }

    @Command(
            name = "retire",
            description = {
                "Retires a secret that does not sign, for good: the app's other one, unless another is named.",
                "Tokens that it signed are good for 15 minutes; let those pass first."
            },
            mixinStandardHelpOptions = true)
    void retire(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Parameters(paramLabel = "SECRET_ID", arity = "0..1", description = "the secret's id; see show") @Nullable
                    Long secretId,
            @Option(names = "--json", description = "print JSON") boolean json) {
        String path = path(spec, clientId);
        ConsoleClient client = PatronCommand.client();
        Map<String, Object> app = ConsoleClient.read(client.get(path));
        Object retired = secretId == null ? other(app) : secretId;
        String answer = client.delete(path + "/secrets/" + retired, String.valueOf(app.get("revision")));
        Answers.print(spec, answer, json, (out, _) -> out.println("Retired secret " + retired + "."));
    }

    @Command(
            name = "disable",
            description = {
                "Disables an app: it gets no token from the next request on.",
                "A developer's app is blocked: its developer cannot change that."
            },
            mixinStandardHelpOptions = true)
    void disable(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Option(names = "--json", description = "print JSON") boolean json) {
        setDisabled(clientId, true, json);
    }

    @Command(
            name = "enable",
            description = {
                "Enables an app that was disabled, or lifts the block of a developer's app, from the next request on.",
                "What its developer switched off stays so."
            },
            mixinStandardHelpOptions = true)
    void enable(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Option(names = "--json", description = "print JSON") boolean json) {
        setDisabled(clientId, false, json);
    }

    private void setDisabled(String clientId, boolean disabled, boolean json) {
        String answer = PatronCommand.client().patch(path(spec, clientId), Map.of("disabled", disabled));
        Answers.print(spec, answer, json, (out, app) -> {
            boolean blocked = Boolean.TRUE.equals(app.get("blocked"));
            if (disabled) {
                out.println((blocked ? "Blocked " : "Disabled ") + clientId + ".");
            } else if (Boolean.TRUE.equals(app.get("disabled"))) {
                out.println("No operator blocks " + clientId
                        + " any more. Its developer has switched it off: it gets no token until they switch it on.");
            } else {
                out.println("Enabled " + clientId + ".");
            }
        });
    }

    /** The path of an app, for a client id that looks like one: nothing else gets into a path. */
    static String path(CommandSpec spec, String clientId) {
        if (!clientId.matches("[A-Za-z0-9]{20,64}")) {
            throw new ParameterException(
                    spec.commandLine(), "A client id has 20 to 64 of the characters A-Z, a-z and 0-9.");
        }
        return PATH + "/" + clientId;
    }

    /** Prints one line for each of an app's secrets. */
    static void printSecrets(PrintWriter out, Map<String, Object> app) {
        for (Map<String, Object> secret : ConsoleClient.objects(app.get("secrets"))) {
            out.printf("  secret %-6s  %-8s  %s", secret.get("id"), secret.get("state"), secret.get("fingerprint"));
            printMoment(out, "made", secret.get("created_at"));
            printMoment(out, "signs from", secret.get("signs_from"));
            printMoment(out, "last signed", secret.get("last_signed_at"));
            printMoment(out, "last verified", secret.get("last_verified_at"));
            out.println();
        }
    }

    private static void printMoment(PrintWriter out, String what, @Nullable Object moment) {
        if (moment != null) {
            out.print("  " + what + " " + moment);
        }
    }

    private static void print(PrintWriter out, Map<String, Object> app) {
        out.println(app.get("name"));
        line(out, "client id", app.get("client_id"));
        line(out, "state", state(app));
        line(out, "algorithm", app.get("algorithm"));
        line(out, "extra claims", list(app.get("extra_claims")));
        line(out, "needs", list(app.get("needs")));
        line(
                out,
                "stores",
                Boolean.TRUE.equals(app.get("every_store")) ? "every store" : list(app.get("allowed_stores")));
        line(out, "barred at", list(app.get("barred_stores")));
        line(out, "origins", list(app.get("origins")));
        line(out, "revision", app.get("revision"));
        printSecrets(out, app);
    }

    private static void line(PrintWriter out, String name, @Nullable Object value) {
        out.printf("  %-13s  %s%n", name, value);
    }

    private static String state(Map<String, Object> app) {
        boolean disabled = Boolean.TRUE.equals(app.get("disabled"));
        if (Boolean.TRUE.equals(app.get("blocked"))) {
            return disabled ? "blocked, disabled" : "blocked";
        }
        return disabled ? "disabled" : "active";
    }

    private static String list(@Nullable Object member) {
        List<String> texts = ConsoleClient.texts(member);
        return texts.isEmpty() ? "-" : String.join(", ", texts);
    }

    private static Object other(Map<String, Object> app) {
        return ConsoleClient.objects(app.get("secrets")).stream()
                .filter(secret -> !"signing".equals(secret.get("state")))
                .<Object>map(secret -> Objects.requireNonNull(secret.get("id")))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        ExitCode.REFUSED,
                        "The app has no secret but the one that signs. Make another first: patron app rotate "
                                + app.get("client_id")));
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }
}
