package dev.patron.server.developers;

import dev.patron.server.app.App;

/** The pages about one app. */
public enum AppTab {
    /** Its credentials, and what to do next. */
    OVERVIEW("Overview", ""),
    /** What may be changed. */
    SETTINGS("Settings", "/settings"),
    /** Its client secrets, and replacing them. */
    SECRETS("Secrets", "/secrets"),
    /** A token to try it with. */
    TRY("Try it", "/try"),
    /** What was issued and refused. */
    ACTIVITY("Activity", "/activity");

    private final String label;
    private final String suffix;

    AppTab(String label, String suffix) {
        this.label = label;
        this.suffix = suffix;
    }

    /** What people read. */
    public String label() {
        return label;
    }

    /** Its path for an app. */
    public String path(App app) {
        return OwnApps.path(app) + suffix;
    }

    String route() {
        return OwnApps.PATH + "/*" + suffix;
    }
}
