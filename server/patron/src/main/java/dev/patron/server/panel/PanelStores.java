package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;

/** The stores, as far as a member gets to see them. */
record PanelStores(Stores stores) {

    /**
     * The store that the request's path names.
     *
     * @throws ProblemException 404, alike for a store that is not there and one that is not the member's
     */
    Store require(ConsoleRequest request, Action action) {
        Store store = stores.find(StoreRoom.hash(request.exchange())).orElseThrow(Access::noSuchObject);
        request.require(action, StoreRoom.target(store));
        return store;
    }
}
