package dev.patron.server.panel;

import dev.patron.server.access.Action;
import dev.patron.server.store.Store;

/** The pages about one store. */
public enum PanelTab {
    /** Its numbers. */
    OVERVIEW("Overview", "", Action.SEE_STORE),
    /** Its customers. */
    CUSTOMERS("Customers", "/customers", Action.SEE_STORE),
    /** Who is signed in. */
    SESSIONS("Sessions", "/sessions", Action.SEE_STORE),
    /** Which apps get tokens. */
    APPS("Apps", "/apps", Action.SEE_STORE),
    /** Which app was told what about whom. */
    LEDGER("Ledger", "/ledger", Action.SEE_LEDGER),
    /** What stands in its pages. */
    SCRIPTS("Scripts", "/scripts", Action.SEE_STORE),
    /** Its name and hosts. */
    SETTINGS("Settings", "/settings", Action.CHANGE_STORE);

    private final String label;
    private final String suffix;
    private final Action action;

    PanelTab(String label, String suffix, Action action) {
        this.label = label;
        this.suffix = suffix;
        this.action = action;
    }

    /** What people read. */
    public String label() {
        return label;
    }

    /** Its path for a store. */
    public String path(Store store) {
        return StoreRoom.path(store) + suffix;
    }

    /** What it takes to see it. */
    Action action() {
        return action;
    }

    String route() {
        return StoreRoom.PATH + "/*" + suffix;
    }
}
