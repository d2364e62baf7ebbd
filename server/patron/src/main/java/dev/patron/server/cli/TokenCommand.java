package dev.patron.server.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./patron token …}. */
@Command(name = "token", description = "Inspects tokens.", mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {

    /** More than any verifier takes, so that it says that the token is too large. */
    private static final int TOO_LONG = 16 * 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: inspect.");
    }

    @Command(
            name = "inspect",
            description = {
                "Says what is in a token and what the verifier says of it. The token comes from standard input.",
                "Exit status 0 when the verifier accepts it, 1 when not."
            },
            mixinStandardHelpOptions = true)
    int inspect(
            @Option(names = "--app", paramLabel = "CLIENT_ID", description = "the app; the one it names when left out")
                    @Nullable
                    String app,
            @Option(
                            names = "--store",
                            paramLabel = "STORE_HASH",
                            description = "accept this store only; any when left out")
                    @Nullable
                    String store,
            @Option(names = "--max-age", paramLabel = "SECONDS", description = "1 to 900; 30 when left out") @Nullable
                    Integer maxAge,
            @Option(names = "--until-expiry", description = "accept it until it expires, whatever its age")
                    boolean untilExpiry,
            @Option(names = "--clock-skew", paramLabel = "SECONDS", description = "0 to 300; 5 when left out") @Nullable
                    Integer clockSkew,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("token", Input.read(spec, "token", null, TOO_LONG));
        body.put("client_id", app);
        body.put("store_hash", store);
        body.put("max_age", maxAge);
        body.put("accept_until_expiry", untilExpiry);
        body.put("clock_skew", clockSkew);
        String answer = PatronCommand.client().post("/api/v1/tokens/inspect", body);
        Answers.print(spec, answer, json, TokenCommand::print);
        return Boolean.TRUE.equals(ConsoleClient.read(answer).get("accepted")) ? 0 : ExitCode.REFUSED;
    }

    private static void print(PrintWriter out, Map<String, Object> inspection) {
        out.println(
                Boolean.TRUE.equals(inspection.get("accepted"))
                        ? "Accepted."
                        : "Refused, " + inspection.get("reason") + ": " + inspection.get("message") + ".");
        for (Map<String, Object> check : ConsoleClient.objects(inspection.get("checks"))) {
            out.printf("  %-11s  %s%n", word(String.valueOf(check.get("state"))), check.get("question"));
        }
        if (inspection.get("signed_by") instanceof Map<?, ?> secret) {
            out.printf(
                    "Signed by the %s secret %s of %s, %s.%n",
                    secret.get("state"), secret.get("id"), inspection.get("client_id"), secret.get("fingerprint"));
        } else {
            out.println("Signed by no secret of " + inspection.get("client_id") + ", or not signed at all.");
        }
        if (inspection.get("age") != null && inspection.get("remaining") != null) {
            out.printf("Age %s s, %s s until it expires.%n", inspection.get("age"), inspection.get("remaining"));
        }
        part(out, "Header", inspection.get("header"));
        part(out, "Claims", inspection.get("claims"));
    }

    private static void part(PrintWriter out, String name, @Nullable Object text) {
        out.println(name + ": " + (text == null ? "cannot be decoded" : text));
    }

    private static String word(String state) {
        return state.replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
