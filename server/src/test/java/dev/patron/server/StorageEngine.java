package dev.patron.server;

import dev.patron.engines.PostgreSql;
import dev.patron.engines.RedisServer;
import java.util.List;
import java.util.stream.Stream;

/** The database engines. What storage promises is tested on each of them. */
public enum StorageEngine {

    /** H2, embedded. */
    H2 {
        @Override
        List<String> options() {
            return List.of();
        }
    },

    /** PostgreSQL: a real server, which each test has a database of its own at. */
    POSTGRESQL {
        @Override
        List<String> options() {
            return PostgreSqlDatabase.create();
        }
    },

    /** PostgreSQL, with sessions in a Redis server that all tests share. */
    VALKEY {
        @Override
        List<String> options() {
            return Stream.concat(
                            PostgreSqlDatabase.create().stream(),
                            Stream.of("patron.sessions.url=" + Redis.SERVER.url(), "patron.sessions.wait=30s"))
                    .toList();
        }
    };

    /** The options of a database that holds nothing, as {@code name=value}. */
    abstract List<String> options();

    /** The one server of these tests; started when the first test needs it. */
    private static final class PostgreSqlDatabase {

        private static final PostgreSql SERVER = PostgreSql.start("fsync=off", "full_page_writes=off");

        static List<String> create() {
            return List.of(
                    "patron.database.url=" + SERVER.url(SERVER.createDatabase("template1")),
                    "patron.database.user=" + PostgreSql.USER,
                    "patron.database.password=" + SERVER.password(),
                    "patron.database.connections=8");
        }
    }

    private static final class Redis {
        private static final RedisServer SERVER = RedisServer.start();
    }
}
