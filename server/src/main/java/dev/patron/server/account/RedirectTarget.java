package dev.patron.server.account;

import dev.patron.server.http.LocalPath;

/** Where a visitor goes on to after signing in: a path of the same store, whatever the request asks for. */
final class RedirectTarget {

    /** Where to without a wish. */
    static final String DEFAULT = "/account.php";

    private RedirectTarget() {}

    /**
     * The wish, if it is a path of this store, else an empty string. The sign-in page is none: it could sign the visitor out
     * again.
     */
    static String safe(String wish) {
        return wish.startsWith("/login.php") ? "" : LocalPath.safe(wish);
    }

    /** The wish, if it is a path of this store, else the default. */
    static String orDefault(String wish) {
        String safe = safe(wish);
        return safe.isEmpty() ? DEFAULT : safe;
    }
}
