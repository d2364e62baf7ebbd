package dev.patron.server.cli;

import dev.patron.server.app.Apps;
import dev.patron.server.app.MasterKey;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Backup;
import dev.patron.server.sql.Backup.NotRestoredException;
import dev.patron.server.sql.Database;
import dev.patron.server.valkey.Valkey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron restore}. */
@Command(
        name = "restore",
        description = {
            "Puts a backup into the data folder (PATRON_DATA), while no server runs on it. It is opened, migrated and",
            "tried with the master key before anything is changed; a database that was there is put aside. Sessions that are kept",
            "in Valkey end."
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "what ./patron backup has written")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path file;

    @Option(names = "--replace", description = "put aside the database that is there")
    private boolean replace;

    @Override
    public void run() {
        Options options = Options.load(System.getenv());
        if (!options.get(Options.DATABASE_URL).isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "patron.database.url names a PostgreSQL server: restore its database with pg_restore.");
        }
        if (!Files.isReadable(file)) {
            throw new CommandFailedException(ExitCode.REFUSED, "There is no file " + file + " that you may read.");
        }
        if (!MasterKey.isThere(options)) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "There is no master key. Put master.key of the server that was backed up into the data folder, or"
                            + " give the key by PATRON_MASTER_KEY.");
        }
        try {
            Optional<Path> before = new Backup(options).restore(file, replace, copy -> prepare(options, copy));
            before.ifPresent(aside -> spec.commandLine()
                    .getOut()
                    .println("Put the database that was there aside, as " + aside.getFileName() + "."));
            spec.commandLine().getOut().println("Restored the backup. Start the server.");
            spec.commandLine().getOut().flush();
        } catch (NotRestoredException refused) {
            throw new CommandFailedException(ExitCode.REFUSED, String.valueOf(refused.getMessage()));
        } catch (IOException failed) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "The data folder cannot be written, or the file not read ("
                            + failed.getClass().getSimpleName() + ").");
        }
    }

    private static void prepare(Options options, Path folder) {
        try (Database database = Database.open(options.with(Options.DATA, folder))) {
            new Apps(database, MasterKey.of(options), PatronCommand.clock()).requireMasterKey();
            Valkey.forget(database);
        } catch (InvalidOptionException anotherKey) {
            throw anotherKey;
        } catch (RuntimeException unreadable) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "The file holds no database that this Patron can open: it is damaged, or a newer one wrote it.");
        }
    }
}
