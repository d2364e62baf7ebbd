package dev.patron.server.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron app rotate}. */
@Command(
        name = "rotate",
        description = {
            "Changes an app's secret without downtime. Without options, makes a second secret that signs nothing yet: let",
            "the app's servers accept both, then sign with it (--to), then retire the old one (patron app retire).",
            "Until then --to with the old one takes the change back."
        },
        mixinStandardHelpOptions = true)
final class RotateCommand implements Runnable {

    private static final int SECRET_TOO_LONG = 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(paramLabel = "CLIENT_ID", description = "the app's client id")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String clientId;

    @Option(names = "--now", description = "make a secret and sign with it from the next request on")
    private boolean now;

    @Option(
            names = "--retire-other",
            description = "with --now: retire the app's other secret, if it has one, to make room")
    private boolean retireOther;

    @Option(names = "--secret-file", description = "with --now or alone: take this secret over instead of making one")
    private @Nullable Path secretFile;

    @Option(names = "--to", paramLabel = "SECRET_ID", description = "sign with this one of the app's secrets")
    private @Nullable Long to;

    @Option(names = "--at", paramLabel = "WHEN", description = "with --to: from then on, such as 2026-12-31T23:00:00Z")
    private @Nullable String at;

    @Option(names = "--cancel", description = "take a planned change back")
    private boolean cancel;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public void run() {
        String secrets = AppCommand.path(spec, clientId) + "/secrets";
        if (Stream.of(now, to != null, cancel).filter(chosen -> chosen).count() > 1) {
            throw wrong("Give one of --now, --to and --cancel.");
        }
        if (at != null && to == null) {
            throw wrong("--at goes with --to only: make a secret first, then say from when it signs.");
        }
        if (retireOther && !now) {
            throw wrong("--retire-other goes with --now only.");
        }
        if (secretFile != null && (to != null || cancel)) {
            throw wrong("--secret-file does not go with --to or --cancel.");
        }
        if (to != null) {
            sign(secrets + "/" + to, at == null ? "now" : at);
        } else if (cancel) {
            sign(secrets + "/" + planned(), "never");
        } else {
            make(secrets);
        }
    }

    private void make(String path) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (secretFile != null) {
            body.put("client_secret", Input.readLine(spec, "client secret", secretFile, SECRET_TOO_LONG));
        }
        body.put("sign_now", now);
        body.put("retire_other", retireOther);
        String answer = PatronCommand.client().post(path, body);
        Answers.print(spec, answer, json, (out, app) -> {
            out.println(now ? "Signs with a new secret from now on." : "Made a second secret; it signs nothing yet.");
            if (secretFile == null) {
                out.println("  client secret  " + app.get("client_secret") + "  (shown this once)");
            }
            AppCommand.printSecrets(out, app);
        });
    }

    private void sign(String path, String from) {
        String answer = PatronCommand.client().patch(path, Map.of("signs_from", from));
        Answers.print(spec, answer, json, AppCommand::printSecrets);
    }

    /** The secret that is planned to sign; without any, one for which the server says that there is no plan. */
    private Object planned() {
        Map<String, Object> app = ConsoleClient.read(PatronCommand.client().get(AppCommand.path(spec, clientId)));
        return ConsoleClient.objects(app.get("secrets")).stream()
                .sorted((one, other) -> Boolean.compare(other.get("signs_from") != null, one.get("signs_from") != null))
                .map(secret -> Objects.requireNonNull(secret.get("id")))
                .findFirst()
                .orElseThrow();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
