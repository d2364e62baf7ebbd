package dev.patron.server;

import dev.patron.engines.PostgreSql;
import dev.patron.engines.RedisServer;
import dev.patron.server.sql.DataFolder;
import dev.patron.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The database engines. What storage promises is tested on each of them. */
public enum StorageEngine {

    /** H2, embedded. */
    H2 {
        @Override
        List<String> prepare(Path folder) {
            H2File.copyTo(folder);
            return List.of();
        }
    },

    /** PostgreSQL: a real server, which each test has a database of its own at. */
    POSTGRESQL {
        @Override
        List<String> prepare(Path folder) {
            return PostgreSqlDatabase.create();
        }
    },

    /** PostgreSQL, with sessions in a Redis server that all tests share. */
    VALKEY {
        @Override
        List<String> prepare(Path folder) {
            return Stream.concat(
                            PostgreSqlDatabase.create().stream(),
                            Stream.of("patron.sessions.url=" + Redis.SERVER.url(), "patron.sessions.wait=30s"))
                    .toList();
        }
    };

    /**
     * Makes a database that holds nothing but its tables: migrating takes longer than most tests do.
     *
     * @param folder the data folder
     * @return the options that name it, as {@code name=value}
     */
    abstract List<String> prepare(Path folder);

    private static final class H2File {

        private static final String NAME = "patron.mv.db";
        private static final byte[] MIGRATED = migrate();

        private static byte[] migrate() {
            try {
                Path folder = Files.createTempDirectory("patron-migrated");
                Database.open(TestServices.options(folder)).close();
                byte[] migrated = Files.readAllBytes(folder.resolve(NAME));
                Files.delete(folder.resolve(NAME));
                Files.delete(folder);
                return migrated;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        static void copyTo(Path folder) {
            try {
                Files.write(DataFolder.open(folder).resolve(NAME), MIGRATED);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The one server of these tests; started when the first test needs it. */
    private static final class PostgreSqlDatabase {

        private static final PostgreSql SERVER = PostgreSql.start("fsync=off", "full_page_writes=off");

        private static final String MIGRATED = migrate();

        private static String migrate() {
            String migrated = SERVER.createDatabase("template1");
            Database.open(TestServices.options(
                            Path.of("no-data"), options(migrated).toArray(String[]::new)))
                    .close();
            return migrated;
        }

        static List<String> create() {
            return options(SERVER.createDatabase(MIGRATED));
        }

        private static List<String> options(String database) {
            return List.of(
                    "patron.database.url=" + SERVER.url(database),
                    "patron.database.user=" + PostgreSql.USER,
                    "patron.database.password=" + SERVER.password(),
                    "patron.database.connections=8");
        }
    }

    private static final class Redis {
        private static final RedisServer SERVER = RedisServer.start();
    }
}
