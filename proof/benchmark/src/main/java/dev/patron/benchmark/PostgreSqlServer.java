package dev.patron.benchmark;

import dev.patron.engines.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A PostgreSQL server to measure with, with as many empty databases as are asked for. Arguments: a folder, which gets a
 * file {@code database1} and so on, each with the lines of a shell that name it to Patron; and how many.
 */
public final class PostgreSqlServer {

    private PostgreSqlServer() {}

    /** Starts it, and waits to be killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        try (PostgreSql server =
                PostgreSql.start("shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=30min")) {
            for (int database = 1; database <= Integer.parseInt(arguments[1]); database++) {
                Files.writeString(
                        folder.resolve("database" + database),
                        "export PATRON_DATABASE_URL=" + server.url(server.createDatabase("template1"))
                                + " PATRON_DATABASE_USER=" + PostgreSql.USER + " PATRON_DATABASE_PASSWORD="
                                + server.password() + "\n");
            }
            Files.writeString(folder.resolve("ready"), "");
            new CountDownLatch(1).await();
        }
    }
}
