package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.options.Options;
import dev.patron.server.sql.DataFolder;
import dev.patron.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** {@code /api/v1/backup}: a copy of the embedded database, taken while the server goes on. */
final class BackupApi {

    private static final Problem NOT_EMBEDDED = new Problem(
            409,
            "not_embedded",
            "The database is a PostgreSQL server's",
            "Copy it with pg_dump, or have the server archive its log (pg_basebackup).");
    private static final Problem AT_WORK =
            new Problem(409, "backup_at_work", "A backup is being made just now", "Wait until it is done.");

    private final Database database;
    private final ComputePool longWork;
    private final Path data;
    private final Semaphore oneAtATime = new Semaphore(1);

    BackupApi(Database database, ComputePool longWork, Options options) {
        this.database = database;
        this.longWork = longWork;
        this.data = options.get(Options.DATA);
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", "/api/v1/backup", guard.server(Action.BACK_UP, this::backUp));
    }

    private void backUp(Exchange exchange) {
        if (!database.copiesItself()) {
            throw new ProblemException(NOT_EMBEDDED);
        }
        if (!oneAtATime.tryAcquire()) {
            throw new ProblemException(AT_WORK);
        }
        try {
            // A folder for its owner only: the database writes the file as it likes.
            Path folder = Files.createTempDirectory(DataFolder.open(data), "backup-");
            Path file = folder.resolve("backup.zip");
            try {
                exchange.workPatiently(longWork, () -> database.backUp(file));
                exchange.sendFile("application/zip", file);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            oneAtATime.release();
        }
    }
}
