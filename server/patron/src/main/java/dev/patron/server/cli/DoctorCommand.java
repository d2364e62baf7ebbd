package dev.patron.server.cli;

import dev.patron.server.doctor.Finding;
import dev.patron.server.doctor.StorefrontProbe;
import dev.patron.server.options.Options;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron doctor}. */
@Command(
        name = "doctor",
        description = {
            "Examines a deployment: a store through its public address, as browsers reach it, and the server itself.",
            "Each finding says how to fix it. Exit status 0 when there is no problem, 1 when there is one."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            paramLabel = "ORIGIN",
            arity = "0..1",
            description = "the store's origin, such as https://shop.example; the storefront on this machine without it")
    private @Nullable String origin;

    @Option(names = "--outside-only", description = "do not ask the server itself; needs no operator token")
    private boolean outsideOnly;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            findings.addAll(new StorefrontProbe(store(), client, PatronCommand.clock()).examine());
        }
        if (!outsideOnly) {
            for (Map<String, Object> finding :
                    ConsoleClient.readList(PatronCommand.client().get("/api/v1/diagnostics"), "findings")) {
                findings.add(new Finding(
                        Finding.Level.valueOf(
                                String.valueOf(finding.get("level")).toUpperCase(Locale.ROOT)),
                        String.valueOf(finding.get("id")),
                        String.valueOf(finding.get("found")),
                        String.valueOf(finding.get("cure"))));
            }
        }
        print(findings);
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.PROBLEM) ? ExitCode.REFUSED : 0;
    }

    private URI store() {
        if (origin == null) {
            return URI.create(
                    "http://localhost:" + Options.load(System.getenv()).get(Options.STOREFRONT_PORT));
        }
        if (!origin.matches("https?://[A-Za-z0-9.\\[\\]:-]+/?")) {
            throw new ParameterException(
                    spec.commandLine(), "The origin is a scheme and a host, such as https://shop.example.");
        }
        return URI.create(origin);
    }

    private void print(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ConsoleClient.write(Map.of(
                    "findings",
                    findings.stream()
                            .map(finding -> Map.of(
                                    "level", finding.level().name().toLowerCase(Locale.ROOT),
                                    "id", finding.id(),
                                    "found", finding.found(),
                                    "cure", finding.cure()))
                            .toList())));
        } else {
            for (Finding finding : findings) {
                out.printf("%-8s %s%n", finding.level().name().toLowerCase(Locale.ROOT), finding.found());
                if (!finding.cure().isEmpty()) {
                    out.printf("%-8s -> %s%n", "", finding.cure());
                }
            }
        }
        out.flush();
    }
}
