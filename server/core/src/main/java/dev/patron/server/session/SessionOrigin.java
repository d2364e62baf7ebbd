package dev.patron.server.session;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a customer signed in from. It is kept as long as the session, and deleted with it. {@link #toString()} tells none of
 * it.
 *
 * @param address the network address of the connection: the proxy's, where one is between
 * @param browser such as {@code Firefox on Linux}, or an empty string: no more of what the browser says of itself is kept
 */
public record SessionOrigin(InetAddress address, String browser) {

    private record Mark(String part, String name) {}

    /** In this order: each browser names those that it wants to be taken for as well. */
    private static final List<Mark> BROWSERS = List.of(
            new Mark("Edg", "Edge"),
            new Mark("OPR/", "Opera"),
            new Mark("SamsungBrowser/", "Samsung Internet"),
            new Mark("Firefox/", "Firefox"),
            new Mark("FxiOS/", "Firefox"),
            new Mark("Chrome/", "Chrome"),
            new Mark("CriOS/", "Chrome"),
            new Mark("Safari/", "Safari"),
            new Mark("curl/", "curl"));

    private static final List<Mark> SYSTEMS = List.of(
            new Mark("iPhone", "iPhone"),
            new Mark("iPad", "iPad"),
            new Mark("Android", "Android"),
            new Mark("Windows", "Windows"),
            new Mark("Macintosh", "macOS"),
            new Mark("CrOS", "ChromeOS"),
            new Mark("Linux", "Linux"));

    /** The origin of a request with this {@code User-Agent}. */
    public static SessionOrigin of(InetAddress address, String userAgent) {
        String browser = first(BROWSERS, userAgent);
        String system = first(SYSTEMS, userAgent);
        return new SessionOrigin(
                address, browser.isEmpty() || system.isEmpty() ? browser + system : browser + " on " + system);
    }

    private static String first(List<Mark> marks, String userAgent) {
        return marks.stream()
                .filter(mark -> userAgent.contains(mark.part()))
                .findFirst()
                .map(Mark::name)
                .orElse("");
    }

    @Override
    public String toString() {
        return "SessionOrigin[***]";
    }
}
