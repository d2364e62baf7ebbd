package dev.patron.server.access;

import java.util.Optional;

/** What somebody acts on. */
public sealed interface Resource {

    /** The server itself: its list of stores, of apps, of members. */
    Resource SERVER = new Server();

    /** The server itself. */
    record Server() implements Resource {}

    /**
     * A store.
     *
     * @param openToDevelopers whether every developer may try their apps with its customers
     */
    record OneStore(String storeHash, boolean openToDevelopers) implements Resource {}

    /**
     * An app.
     *
     * @param ownerId the developer whose app it is; empty for the operators' own
     */
    record OneApp(Optional<Long> ownerId) implements Resource {}
}
