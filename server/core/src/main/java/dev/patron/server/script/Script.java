package dev.patron.server.script;

import java.time.Instant;

/**
 * A script of one store.
 *
 * @param id never used twice, not even by another store
 * @param revision raised with each change
 * @param updatedAt when it was made or last changed
 */
public record Script(
        long id, String storeHash, ScriptDetails details, long revision, Instant createdAt, Instant updatedAt) {}
