package dev.patron.server.access;

import java.util.Optional;

/** What somebody acts on. */
public sealed interface Target {

    /** The server itself: its list of stores, of apps, of members. */
    Target SERVER = new Server();

    /** The server itself. */
    record Server() implements Target {}

    /**
     * A store.
     *
     * @param openToDevelopers whether every developer may try their apps with its customers
     */
    record OneStore(String storeHash, boolean openToDevelopers) implements Target {}

    /**
     * An app.
     *
     * @param ownerId the developer whose app it is; empty for the operators' own
     */
    record OneApp(Optional<Long> ownerId) implements Target {}
}
