package dev.patron.server.session;

import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Writes when sessions were last seen: at most once a minute for each, in batches, off the request. What is lost when
 * the process is killed is the last second of sightings, which can only make a session end earlier. A sighting never
 * brings an ended session back, since it updates a row that must exist. Thread-safe.
 */
public final class LastSeen {

    /** A session seen again within this time is not written again. */
    static final Duration PRECISION = Duration.ofMinutes(1);

    /** How many sightings wait at most; further ones are dropped and noted at the session's next request. */
    private static final int CAPACITY = 100_000;

    private final Database database;
    private final Map<SecretHash, Instant> sightings = new ConcurrentHashMap<>();

    /** A writer with nothing to write. */
    public LastSeen(Database database) {
        this.database = database;
    }

    /** Notes that a session is in use, if its last noted use is a minute old. */
    public void note(SecretHash session, Instant lastSeenAt, Instant now) {
        if (now.isBefore(lastSeenAt.plus(PRECISION)) || sightings.size() >= CAPACITY) {
            return;
        }
        sightings.putIfAbsent(session, now);
    }

    /** Writes what has been noted. Sightings that cannot be written are noted again at the session's next request. */
    public void write() {
        if (sightings.isEmpty()) {
            return;
        }
        try {
            database.transaction(handle -> {
                PreparedBatch batch = handle.prepareBatch(
                        "update session set last_seen_at = ? where session_key = ? and session_hash = ?");
                Iterator<Map.Entry<SecretHash, Instant>> entries =
                        sightings.entrySet().iterator();
                while (entries.hasNext()) {
                    Map.Entry<SecretHash, Instant> sighting = entries.next();
                    batch.bind(0, Database.moment(sighting.getValue()))
                            .bind(1, sighting.getKey().key())
                            .bind(2, sighting.getKey().toBytes())
                            .add();
                    entries.remove();
                }
                return batch.execute();
            });
        } catch (StorageUnavailableException later) {
            // Each session notes itself again at its next request.
        }
    }
}
