package dev.patron.server.access;

import java.util.Arrays;
import java.util.Optional;

/** What a personal access token is good for. Whoever signs in with a password has all of them. */
public enum Scope {
    /** To see apps, what they are allowed, and their activity. */
    APPS_READ("apps:read"),
    /** To make, change, rotate and delete apps. */
    APPS_WRITE("apps:write"),
    /** To report, from an app's server, which secret verified a token. */
    APPS_REPORT("apps:report"),
    /** To see stores, their customers, sessions, scripts and apps. */
    STORES_READ("stores:read"),
    /** To change them. */
    STORES_WRITE("stores:write"),
    /** To see which app received what about whom. */
    LEDGER_READ("ledger:read"),
    /** To see, invite and disable members. */
    MEMBERS_WRITE("members:write"),
    /** To take a copy of the whole database away. */
    SERVER_BACKUP("server:backup");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** As it is written in the API and on pages. */
    public String text() {
        return text;
    }

    /** Whether whoever has it can do harm that is hard to undo. */
    public boolean farReaching() {
        return switch (this) {
            case APPS_WRITE, STORES_WRITE, MEMBERS_WRITE, SERVER_BACKUP -> true;
            case APPS_READ, APPS_REPORT, STORES_READ, LEDGER_READ -> false;
        };
    }

    /** The scope that is written so. */
    public static Optional<Scope> of(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }
}
