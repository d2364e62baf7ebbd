package dev.patron.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code ./patron} runs, as a process. */
public final class CommandLine {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private CommandLine() {}

    /** Runs a command with a data folder, and asserts its exit status and a part of what it says. */
    public static void run(Path data, Map<String, String> environment, int status, String says, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("PATRON_DATA", data.toString());
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = Stream.concat(
                        Stream.of(
                                java,
                                "-cp",
                                Root.serverJar().toAbsolutePath().toString(),
                                "dev.patron.server.cli.PatronCommand"),
                        Stream.of(arguments))
                .toList();
        try (ServerProcess patron = ServerProcess.command(command, data, all)) {
            int exited = patron.exitStatus(LIMIT);
            assertThat(patron.output())
                    .as(String.join(" ", arguments))
                    .contains(says)
                    .doesNotContain("\tat ");
            assertThat(exited).isEqualTo(status);
        }
    }
}
