package dev.patron.server.valkey;

import dev.patron.server.sql.Database;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What the keys of one Patron begin with: {@code patron:} and a name that only the nodes on its database know, so that
 * several can share a server.
 */
final class Keyspace {

    private static final int BYTES = 6;
    private static final int ONLY = 1;

    private Keyspace() {}

    /** Forgets the one of a database, so that what is there under it is unknown to it from now on. */
    static void forget(Database database) {
        database.transaction(handle -> handle.execute("delete from session_keyspace"));
    }

    /** The one of a database, whichever node has named it. */
    static String of(Database database) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return database.transaction(handle -> {
            handle.execute(
                    "insert into session_keyspace (keyspace_id, name) values (?, ?) on conflict do nothing",
                    ONLY,
                    HexFormat.of().formatHex(random));
            String name = handle.createQuery("select name from session_keyspace where keyspace_id = ?")
                    .bind(0, ONLY)
                    .mapTo(String.class)
                    .one();
            return "patron:" + name + ":";
        });
    }
}
