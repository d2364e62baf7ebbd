package dev.patron.server.cli;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./patron}: what an operator does from a shell. It talks to the running server. */
@Command(
        name = "patron",
        description = "Manages a running Patron server.",
        mixinStandardHelpOptions = true,
        version = "patron 0.1.0",
        subcommands = {
            AppCommand.class,
            StoreCommand.class,
            CustomerCommand.class,
            SessionCommand.class,
            ScriptCommand.class,
            TokenCommand.class,
            DoctorCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            MigrateCommand.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "The server is found by PATRON_CONSOLE_PORT (8081) and PATRON_DATA (./data), or by",
            "the patron.properties of the current folder, which the server reads as well.",
            "Exit status: 0 done, 1 refused, 2 wrong command line, 3 no server, 4 no operator token."
        })
public final class PatronCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PatronCommand())
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    commandLine.getErr().println(commandLine.getColorScheme().errorText(message(failure)));
                    return failure instanceof CommandFailedException failed ? failed.exitCode() : ExitCode.REFUSED;
                })
                .execute(arguments));
    }

    /** The clock of this machine. */
    static InstantSource clock() {
        return InstantSource.system();
    }

    /** A client of the server that the environment names. */
    static ConsoleClient client() {
        return ConsoleClient.of(Options.load(System.getenv()));
    }

    private static String message(Exception failure) {
        return failure instanceof CommandFailedException || failure instanceof InvalidOptionException
                ? String.valueOf(failure.getMessage())
                : "The command failed: " + failure.getClass().getName();
    }
}
