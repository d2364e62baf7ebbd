package dev.patron.server.login;

import dev.patron.server.text.LocalPath;

/** Where a visitor goes on to after signing in: a path of the same store, whatever the request asks for. */
public final class RedirectTarget {

    /** Where to without a wish. */
    public static final String DEFAULT = "/account.php";

    private RedirectTarget() {}

    /**
     * The wish as a browser reads it, if it is a path of this store, else an empty string. Pages that change something when
     * they are visited are refused, however they are spelled: the sign-in page, which could sign the visitor out again,
     * links that sign somebody in, and the cart with a query, which could fill it.
     */
    public static String safe(String wish) {
        String safe = LocalPath.safe(wish);
        if (safe.isEmpty()) {
            return "";
        }
        String path = LocalPath.comparable(safe);
        boolean changes = path.startsWith("/login.php")
                || path.startsWith("/login/")
                || (path.startsWith("/cart.php") && safe.contains("?"));
        return changes ? "" : safe;
    }

    /** The wish, if it is a safe path of this store, else the default. */
    public static String orDefault(String wish) {
        String safe = safe(wish);
        return safe.isEmpty() ? DEFAULT : safe;
    }
}
