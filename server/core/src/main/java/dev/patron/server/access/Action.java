package dev.patron.server.access;

/** Everything that can be done at the console, and the scope that it takes. */
public enum Action {
    /** Make an app. On the server. */
    CREATE_APP(Scope.APPS_WRITE),
    /** See every app of the server. On the server. */
    SEE_ALL_APPS(Scope.APPS_READ),
    /** See an app, its activity, and what is in a token of it. On an app. */
    SEE_APP(Scope.APPS_READ),
    /** Change, rotate, disable and delete an app. On an app. */
    CHANGE_APP(Scope.APPS_WRITE),
    /** Block an app, which its owner cannot change, and lift that. On the server. */
    BLOCK_APP(Scope.APPS_WRITE),
    /** Report which of its secrets verified a token. On an app. */
    REPORT_VERIFIED(Scope.APPS_REPORT),

    /** Make stores, see all of them. On the server. */
    MANAGE_STORES(Scope.STORES_WRITE),
    /** Change a store's name and hosts. On a store. */
    CHANGE_STORE(Scope.STORES_WRITE),
    /** See a store, its customers, their sessions, its scripts, and the apps that are allowed there. On a store. */
    SEE_STORE(Scope.STORES_READ),
    /** Make, change, disable and erase customers, and end their sessions. On a store. */
    MANAGE_CUSTOMERS(Scope.STORES_WRITE),
    /** Bar and allow apps, and approve the origins that they list. On a store; origins at every store, on the server. */
    GOVERN_APPS(Scope.STORES_WRITE),
    /** Change the scripts of its pages. On a store. */
    MANAGE_SCRIPTS(Scope.STORES_WRITE),
    /** See which app received what about whom. On a store. */
    SEE_LEDGER(Scope.LEDGER_READ),
    /** Have a token for one of its customers made, to try an app with. On a store. */
    TRY_APPS(Scope.APPS_WRITE),

    /** See what the server finds when it examines itself. On the server. */
    EXAMINE(Scope.STORES_READ),
    /** See, invite, disable members. On the server. */
    MANAGE_MEMBERS(Scope.MEMBERS_WRITE),
    /** Take a copy of everything away. On the server. */
    BACK_UP(Scope.SERVER_BACKUP);

    private final Scope scope;

    Action(Scope scope) {
        this.scope = scope;
    }

    Scope scope() {
        return scope;
    }
}
