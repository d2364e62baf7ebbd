package dev.patron.server.cli;

import dev.patron.server.app.Apps;
import dev.patron.server.app.MasterKey;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.Transfer;
import dev.patron.server.sql.Transfer.RefusedTransferException;
import dev.patron.server.storage.StorageUnavailableException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./patron migrate}. */
@Command(
        name = "migrate",
        description = {
            "Copies everything from the embedded database in the data folder (PATRON_DATA) to the empty PostgreSQL",
            "database that PATRON_DATABASE_URL names, while no server runs on either. Each table is compared by count",
            "and checksum. When it is cut off, run it again: it goes on where it was."
        },
        mixinStandardHelpOptions = true)
final class MigrateCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--leave-unknown",
            description = "leave out tables that the server does not know, such as the sandbox's")
    private boolean leaveUnknown;

    @Override
    public void run() {
        Options target = Options.load(System.getenv());
        if (target.get(Options.DATABASE_URL).isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "Name the PostgreSQL database by PATRON_DATABASE_URL, PATRON_DATABASE_USER and"
                            + " PATRON_DATABASE_PASSWORD.");
        }
        Path file = target.get(Options.DATA).resolve("patron.mv.db");
        if (!Files.exists(file)) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "There is no embedded database at " + file + ". Name its folder by PATRON_DATA.");
        }
        try (Database from = openEmbedded(target.with(Options.DATABASE_URL, ""));
                Database to = Database.open(target)) {
            new Apps(from, MasterKey.of(target), PatronCommand.clock()).requireMasterKey();
            PrintWriter out = spec.commandLine().getOut();
            new Transfer(from, to).run(leaveUnknown, (table, rows) -> {
                out.printf("%-24s %10d rows%n", table, rows);
                out.flush();
            });
            out.println(
                    "Everything is there, and compared. Start the servers with PATRON_DATABASE_URL and the same master"
                            + " key, and keep the data folder until you are sure.");
            out.flush();
        } catch (RefusedTransferException refused) {
            throw new CommandFailedException(ExitCode.REFUSED, String.valueOf(refused.getMessage()));
        } catch (StorageUnavailableException away) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "A database does not answer any more. Run this again: it goes on where it was.");
        }
    }

    private static Database openEmbedded(Options options) {
        try {
            return Database.open(options);
        } catch (RuntimeException inUse) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "The embedded database in " + options.get(Options.DATA)
                            + " cannot be opened. Stop the server that runs on it.");
        }
    }
}
