package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which handler answers which path. Paths match to the letter, as they were sent: {@code //x}, {@code /a/../x}, {@code
 * /x;p} and {@code /%78} are other paths than {@code /x}. Segments of a path may be {@code *}, each for one segment of 1
 * to 128 letters, digits, {@code .}, {@code _}, {@code -}, or {@code *} with another most, such as {@code *8192}; a path
 * without them comes first.
 */
public final class Routes {

    private static final String WILDCARD = "*";
    private static final int MOST_CHARACTERS = 128;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

    private final Set<String> methods;
    private final Map<String, Path> byPath = new HashMap<>();
    private final Map<String, Wildcards> byWildcards = new LinkedHashMap<>();

    /** What answers a request. */
    record Route(String path, Handler handler) {}

    /** The handlers of a path. */
    private record Path(String path, Map<String, Handler> handlers) {

        static Path of(String path) {
            return new Path(path, new LinkedHashMap<>());
        }
    }

    /** A path with segments that are {@code *}. */
    private record Wildcards(List<String> segments, Path path) {

        boolean match(List<String> path) {
            if (path.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                boolean matches = isWildcard(segments.get(i))
                        ? fits(segments.get(i), path.get(i))
                        : segments.get(i).equals(path.get(i));
                if (!matches) {
                    return false;
                }
            }
            return true;
        }

        /** Whether there are paths that both match. */
        boolean overlaps(Wildcards other) {
            if (other.segments.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < segments.size(); i++) {
                boolean same = segments.get(i).equals(other.segments.get(i));
                if (!same && !isWildcard(segments.get(i)) && !isWildcard(other.segments.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Routes of a listener that knows these methods only. */
    public Routes(Set<String> methods) {
        this.methods = methods;
    }

    /**
     * Adds a handler. One for {@code GET} answers {@code HEAD} too.
     *
     * @throws IllegalArgumentException when some request would match this path and another one with {@code *}
     */
    public Routes on(String method, String path, Handler handler) {
        Map<String, Handler> handlers = isExact(path)
                ? byPath.computeIfAbsent(path, Path::of).handlers()
                : byWildcards.computeIfAbsent(path, this::wildcards).path().handlers();
        handlers.put(method, handler);
        if (method.equals("GET")) {
            handlers.put("HEAD", handler);
        }
        return this;
    }

    /** Every method and path that is answered, such as {@code GET /a/*}; without {@code HEAD}, which goes with {@code GET}. */
    public SortedSet<String> all() {
        SortedSet<String> all = new TreeSet<>();
        Stream.concat(byPath.values().stream(), byWildcards.values().stream().map(Wildcards::path))
                .forEach(path -> path.handlers().keySet().forEach(method -> all.add(method + " " + path.path())));
        all.removeIf(route -> route.startsWith("HEAD "));
        return all;
    }

    /**
     * What answers a request.
     *
     * @throws ProblemException 405 for a method that the listener or the path does not know, 404 for an unknown path
     */
    Route find(Exchange exchange) {
        String method = exchange.method();
        if (!methods.contains(method)) {
            throw new ProblemException(Problem.methodNotAllowed(allow(methods)));
        }
        Path path = byPath.get(exchange.rawPath());
        if (path == null) {
            path = byWildcards(exchange.rawPath());
        }
        Handler handler = path.handlers().get(method);
        if (handler == null) {
            throw new ProblemException(
                    Problem.methodNotAllowed(allow(path.handlers().keySet())));
        }
        return new Route(path.path(), handler);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    private static boolean isExact(String path) {
        return segments(path).stream().noneMatch(Routes::isWildcard);
    }

    private static boolean isWildcard(String segment) {
        return segment.startsWith(WILDCARD);
    }

    private static boolean fits(String wildcard, String segment) {
        int most = wildcard.equals(WILDCARD) ? MOST_CHARACTERS : Integer.parseInt(wildcard.substring(1));
        return segment.length() <= most && SEGMENT.matcher(segment).matches();
    }

    private Wildcards wildcards(String path) {
        Wildcards added = new Wildcards(segments(path), Path.of(path));
        if (byWildcards.values().stream().anyMatch(added::overlaps)) {
            throw new IllegalArgumentException("Another path matches some of what this one does: " + path);
        }
        return added;
    }

    private Path byWildcards(String path) {
        List<String> segments = segments(path);
        for (Wildcards known : byWildcards.values()) {
            if (known.match(segments)) {
                return known.path();
            }
        }
        throw new ProblemException(Problem.NO_SUCH_PAGE);
    }

    private static String allow(Set<String> methods) {
        return String.join(", ", new TreeSet<>(methods));
    }
}
