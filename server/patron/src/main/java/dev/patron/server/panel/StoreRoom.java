package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.store.Store;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every page about one store has above its own content.
 *
 * @param tabs those that the member gets to see
 * @param everyStore whether the member gets to see the list of stores
 * @param notice what has just been done, or null
 */
public record StoreRoom(
        Store store,
        List<PanelTab> tabs,
        boolean everyStore,
        @Nullable String notice) {

    /** The path of the list, and of what is below it. */
    static final String PATH = "/panel/stores";

    private static final int HASH_SEGMENT = 2;
    private static final int OBJECT_SEGMENT = 4;

    /** The path of a store's first page. */
    public static String path(Store store) {
        return PATH + "/" + store.hash();
    }

    static StoreRoom of(ConsoleRequest request, Store store, @Nullable String notice) {
        Resource target = target(store);
        return new StoreRoom(
                store,
                Arrays.stream(PanelTab.values())
                        .filter(tab -> request.may(tab.action(), target))
                        .toList(),
                request.may(Action.MANAGE_STORES, Resource.SERVER),
                notice);
    }

    static Resource target(Store store) {
        return new Resource.OneStore(store.hash(), store.openToDevelopers());
    }

    static String hash(Exchange exchange) {
        return exchange.segment(HASH_SEGMENT);
    }

    /**
     * The number in the path, of something that belongs to the store.
     *
     * @throws ProblemException 404 when it is none
     */
    static long id(ConsoleRequest request) {
        String text = request.exchange().segment(OBJECT_SEGMENT);
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw Access.noSuchObject();
        }
        return Long.parseLong(text);
    }
}
