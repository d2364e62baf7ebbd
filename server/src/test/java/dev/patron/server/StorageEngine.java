package dev.patron.server;

import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;

/** The database engines. What storage promises is tested on each of them. */
public enum StorageEngine {

    /** H2, embedded. */
    H2 {
        @Override
        Database open(Options options) {
            return Database.open(options);
        }
    };

    /** Opens a database that holds nothing but the schema. */
    abstract Database open(Options options);
}
