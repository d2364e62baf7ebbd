package dev.patron.server.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron app origin …}. */
@Command(
        name = "origin",
        description = {
            "Lists, approves and withdraws the foreign origins that an app asks for.",
            "An origin counts only where it is approved: at every store, or at one."
        },
        mixinStandardHelpOptions = true)
final class OriginCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: list, approve or withdraw.");
    }

    @Command(
            name = "list",
            description = "Lists the origins that an app asks for, and where they are approved.",
            mixinStandardHelpOptions = true)
    void list(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Option(names = "--store", description = "only how this store decided") @Nullable String store,
            @Option(names = "--json", description = "print JSON") boolean json) {
        print(PatronCommand.client().get(path(clientId, store)), store, json);
    }

    @Command(
            name = "approve",
            description =
                    "Approves an origin that an app asks for, at one store or at every store, from the next request on.",
            mixinStandardHelpOptions = true)
    void approve(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Parameters(paramLabel = "ORIGIN", description = "such as https://shop.example") String origin,
            @Option(names = "--store", description = "at this store only; at every store when left out") @Nullable
                    String store,
            @Option(names = "--json", description = "print JSON") boolean json) {
        decide(clientId, origin, true, store, json);
    }

    @Command(
            name = "withdraw",
            description = {
                "Withdraws the approval of an origin, from the next request on.",
                "Without --store, the approvals that stores gave themselves stay."
            },
            mixinStandardHelpOptions = true)
    void withdraw(
            @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id") String clientId,
            @Parameters(paramLabel = "ORIGIN", description = "such as https://shop.example") String origin,
            @Option(names = "--store", description = "at this store only") @Nullable String store,
            @Option(names = "--json", description = "print JSON") boolean json) {
        decide(clientId, origin, false, store, json);
    }

    private void decide(String clientId, String origin, boolean approved, @Nullable String store, boolean json) {
        print(
                PatronCommand.client().patch(path(clientId, store), Map.of("origin", origin, "approved", approved)),
                store,
                json);
    }

    private String path(String clientId, @Nullable String store) {
        String app = AppCommand.path(spec, clientId);
        return store == null ? app + "/origins" : Stores.path(spec, store) + "/apps/" + clientId + "/origins";
    }

    private void print(String answer, @Nullable String store, boolean json) {
        Answers.printList(
                spec,
                answer,
                json,
                "origins",
                "The app asks for no foreign origin.",
                store == null ? OriginCommand::printOfApp : OriginCommand::printAtStore);
    }

    private static void printOfApp(PrintWriter out, Map<String, Object> origin) {
        List<String> approved = ConsoleClient.texts(origin.get("approved_stores"));
        List<String> withdrawn = ConsoleClient.texts(origin.get("withdrawn_stores"));
        boolean everyStore = Boolean.TRUE.equals(origin.get("every_store"));
        out.print(origin.get("origin"));
        if (everyStore) {
            out.print(
                    "  approved at every store" + (withdrawn.isEmpty() ? "" : " but " + String.join(", ", withdrawn)));
        } else {
            out.print(approved.isEmpty() ? "  not approved" : "  approved at " + String.join(", ", approved));
        }
        out.println();
    }

    private static void printAtStore(PrintWriter out, Map<String, Object> origin) {
        String decided = origin.get("decided_at") == null ? "" : ", decided " + origin.get("decided_at");
        out.println(origin.get("origin") + "  "
                + (Boolean.TRUE.equals(origin.get("approved")) ? "approved" : "not approved") + decided);
    }
}
