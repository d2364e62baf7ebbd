package dev.patron.server.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron backup}. */
@Command(
        name = "backup",
        description = {
            "Copies the embedded database of the running server to a file, as it is at one moment.",
            "The master key is not in it: keep master.key of the data folder elsewhere, once."
        },
        mixinStandardHelpOptions = true)
final class BackupCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "a new file; it is readable by you only")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path file;

    @Override
    public void run() {
        PatronCommand.client().download("/api/v1/backup", file.toAbsolutePath());
        spec.commandLine().getOut().println("Wrote the backup to " + file + ".");
        spec.commandLine().getOut().flush();
    }
}
