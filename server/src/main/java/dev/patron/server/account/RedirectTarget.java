package dev.patron.server.account;

/** Where a visitor goes on to after signing in: a path of the same store, whatever the request asks for. */
final class RedirectTarget {

    /** Where to without a wish. */
    static final String DEFAULT = "/account.php";

    private static final int MAX_LENGTH = 1024;

    private RedirectTarget() {}

    /**
     * The wish, if it is a path of this store, else an empty string. {@code //host}, {@code /\host}, a scheme, control
     * characters and anything else that a browser could read as another origin is none; nor is the sign-in page, which
     * could sign the visitor out again.
     */
    static String safe(String wish) {
        boolean path = wish.startsWith("/")
                && !wish.startsWith("//")
                && !wish.startsWith("/login.php")
                && wish.length() <= MAX_LENGTH;
        return path && wish.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\') ? wish : "";
    }

    /** The wish, if it is a path of this store, else the default. */
    static String orDefault(String wish) {
        String safe = safe(wish);
        return safe.isEmpty() ? DEFAULT : safe;
    }
}
