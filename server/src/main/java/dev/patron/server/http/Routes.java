package dev.patron.server.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which handler answers which path. Paths match to the letter, as they were sent: {@code //x}, {@code /a/../x}, {@code
 * /x;p} and {@code /%78} are other paths than {@code /x}. A path may end in {@code /*}, for one more segment of letters,
 * digits, {@code .}, {@code _}, {@code -}.
 */
public final class Routes {

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Set<String> methods;
    private final Map<String, Map<String, Handler>> byPath = new HashMap<>();

    /** Routes of a listener that knows these methods only. */
    public Routes(Set<String> methods) {
        this.methods = methods;
    }

    /** Adds a handler. One for {@code GET} answers {@code HEAD} too. */
    public Routes on(String method, String path, Handler handler) {
        Map<String, Handler> handlers = byPath.computeIfAbsent(path, _ -> new LinkedHashMap<>());
        handlers.put(method, handler);
        if (method.equals("GET")) {
            handlers.put("HEAD", handler);
        }
        return this;
    }

    /**
     * The handler of a request.
     *
     * @throws RefusedException 405 for a method that the listener or the path does not know, 404 for an unknown path
     */
    Handler find(Exchange exchange) {
        String method = exchange.method();
        if (!methods.contains(method)) {
            throw new RefusedException(Problem.methodNotAllowed(allow(methods)));
        }
        String path = exchange.rawPath();
        Map<String, Handler> handlers = byPath.get(path);
        if (handlers == null) {
            int lastSlash = path.lastIndexOf('/');
            if (lastSlash >= 0 && SEGMENT.matcher(path.substring(lastSlash + 1)).matches()) {
                handlers = byPath.get(path.substring(0, lastSlash) + "/*");
            }
        }
        if (handlers == null) {
            throw new RefusedException(Problem.NO_SUCH_PAGE);
        }
        Handler handler = handlers.get(method);
        if (handler == null) {
            throw new RefusedException(Problem.methodNotAllowed(allow(handlers.keySet())));
        }
        return handler;
    }

    private static String allow(Set<String> methods) {
        return String.join(", ", new TreeSet<>(methods));
    }
}
