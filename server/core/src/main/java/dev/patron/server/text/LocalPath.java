package dev.patron.server.text;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A path of the same origin that a request asks to be sent on to. It is read as a browser reads it (WHATWG URL, path state),
 * so that what is decided on is what the browser asks for.
 */
public final class LocalPath {

    private static final int MAX_LENGTH = 1024;

    private LocalPath() {}

    /**
     * The wish with its dot segments resolved, if it is a path of this origin, else an empty string. {@code //host}, {@code
     * /\host}, a scheme, a backslash, a tab or line break, other control characters and what resolves to {@code //host} are
     * refused, and so is what has more than 1024 characters.
     */
    public static String safe(String wish) {
        boolean path = wish.startsWith("/") && wish.length() <= MAX_LENGTH;
        if (!path || !wish.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')) {
            return "";
        }
        int end = endOfPath(wish);
        String resolved = resolve(wish.substring(0, end));
        return wish.startsWith("//") || resolved.startsWith("//") ? "" : resolved + wish.substring(end);
    }

    /**
     * The path of a safe wish in the form in which even a lenient server or proxy may read it: decoded, without
     * parameters of segments, with single slashes, in lower case. Only to decide by: nobody is sent there.
     */
    public static String comparable(String safe) {
        String path = safe.substring(0, endOfPath(safe));
        // A plus sign stands for itself in a path. A proxy may decode once more than the server: so twice.
        for (int i = 0; i < 2; i++) {
            path = decode(path);
        }
        path = path.replaceAll("[\\t\\r\\n]", "").replace('\\', '/').replaceAll(";[^/]*", "");
        return resolve(path.replaceAll("/+", "/")).toLowerCase(Locale.ROOT);
    }

    private static int endOfPath(String target) {
        int end = 0;
        while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
            end++;
        }
        return end;
    }

    private static String decode(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return path;
        }
    }

    private static String resolve(String path) {
        String[] segments = path.substring(1).split("/", -1);
        List<String> resolved = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            String dots = segments[i].replaceAll("(?i)%2e", ".");
            boolean up = dots.equals("..");
            if (up && !resolved.isEmpty()) {
                resolved.removeLast();
            }
            if (!up && !dots.equals(".")) {
                resolved.add(segments[i]);
            } else if (i == segments.length - 1) {
                resolved.add("");
            }
        }
        return "/" + String.join("/", resolved);
    }
}
