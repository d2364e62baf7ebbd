package dev.patron.server.panel;

import dev.patron.server.app.App;
import dev.patron.server.app.DeletedApp;
import dev.patron.server.app.StoreOrigin;
import dev.patron.server.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the pages about stores show. */
public final class StoreViews {

    /** More than that are not counted: "more than 10,000" is what anybody wants to know. */
    static final int COUNTED = 10_001;

    private StoreViews() {}

    /** The stores of the server, with their hosts by store hash. */
    public record Listing(List<Store> stores, Map<String, List<String>> hosts) {}

    /** A store's numbers. */
    public record Overview(
            StoreRoom room, List<String> hosts, int customers, int sessions, long apps, long scripts, long scriptsOff) {

        /** A number as it is read. */
        public static String text(int counted) {
            return counted >= COUNTED ? "more than 10,000" : String.format(java.util.Locale.UK, "%,d", counted);
        }
    }

    /** Changing a store. */
    public record Settings(StoreRoom room, StoreForm form) {}

    /**
     * The apps of a store.
     *
     * @param apps those that may be decided about
     * @param signIn the client ids of those that may sign customers in
     * @param undecided the client ids of those that list an origin about which nobody has decided here
     * @param deleted those that were barred here when they were deleted
     * @param clientId as typed, to allow another one
     * @param fault what is wrong with it, or null
     */
    public record StoreApps(
            StoreRoom room,
            List<App> apps,
            Set<String> signIn,
            Set<String> undecided,
            List<DeletedApp> deleted,
            boolean mayGovern,
            String clientId,
            @Nullable String fault) {

        /** What is wrong, by form field. */
        public Map<String, String> faults() {
            return fault == null ? Map.of() : Map.of("client_id", fault);
        }
    }

    /**
     * The foreign origins that an app asks for, at a store.
     *
     * @param owner the name of its developer; empty for the operators' own
     */
    public record Origins(
            StoreRoom room, App app, Optional<String> owner, List<StoreOrigin> origins, boolean mayGovern) {

        /** The path of the page. */
        public static String path(Store store, App app) {
            return PanelTab.APPS.path(store) + "/" + app.clientId() + "/origins";
        }
    }
}
