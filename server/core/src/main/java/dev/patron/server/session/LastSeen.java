package dev.patron.server.session;

import dev.patron.server.secret.SecretHash;
import dev.patron.server.storage.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes when sessions were last seen: at most once a minute for each, in batches, off the request. What is lost when
 * the process is killed is the last second of sightings, which can only make a session end earlier. A sighting never
 * brings an ended session back. Thread-safe.
 */
public final class LastSeen {

    /** A session seen again within this time is not written again. */
    static final Duration PRECISION = Duration.ofMinutes(1);

    /** How many sightings wait at most; further ones are dropped and noted at the session's next request. */
    private static final int CAPACITY = 100_000;

    private final Sessions sessions;
    private final Map<SecretHash, Instant> sightings = new ConcurrentHashMap<>();

    /** A writer with nothing to write. */
    public LastSeen(Sessions sessions) {
        this.sessions = sessions;
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
        Map<SecretHash, Instant> written = new HashMap<>(sightings);
        sightings.keySet().removeAll(written.keySet());
        try {
            sessions.seen(written);
        } catch (StorageUnavailableException later) {
            // Each session notes itself again at its next request.
        }
    }
}
