package dev.patron.server.http;

/** Where a request may ask to be sent on to: a path of the same origin, whatever it says. */
public final class LocalPath {

    private static final int MAX_LENGTH = 1024;

    private LocalPath() {}

    /**
     * The wish, if it is a path of this origin, else an empty string. {@code //host}, {@code /\host}, a scheme, control
     * characters and anything else that a browser could read as another origin is none.
     */
    public static String safe(String wish) {
        boolean path = wish.startsWith("/") && !wish.startsWith("//") && wish.length() <= MAX_LENGTH;
        return path && wish.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\') ? wish : "";
    }
}
