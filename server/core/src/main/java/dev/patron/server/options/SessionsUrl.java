package dev.patron.server.options;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Where the Valkey or Redis server is that keeps sessions, or some of the servers of a cluster. {@link #toString()} does not
 * tell the password.
 *
 * @param tls whether it is reached by TLS
 * @param user who signs in there, or an empty string for the server's default user
 * @param password the password, or an empty string where none is asked for
 * @param servers at least one; of a cluster, those that are asked first
 * @param database the number of the database; a cluster has only 0
 */
public record SessionsUrl(boolean tls, String user, String password, List<Server> servers, int database) {

    /** A server's address. */
    public record Server(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    private static final int DEFAULT_PORT = 6379;
    private static final int MAX_PORT = 65_535;
    private static final Set<String> PLAIN = Set.of("redis", "valkey");
    private static final Set<String> TLS = Set.of("rediss", "valkeys");

    /** Reads one address or several, separated by commas; only the first has to be a whole one. */
    static SessionsUrl parse(String text) {
        List<String> parts =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        String scheme = text.substring(0, Math.max(0, text.indexOf("://")));
        if (!PLAIN.contains(scheme) && !TLS.contains(scheme)) {
            throw new IllegalArgumentException("begins with none of redis://, rediss://, valkey:// and valkeys://");
        }
        URI first = uri(parts.getFirst());
        List<Server> servers = new ArrayList<>();
        for (String part : parts) {
            URI uri = uri(part.contains("://") ? part : scheme + "://" + part);
            boolean alike = uri.getScheme().equals(scheme)
                    && (uri.getRawUserInfo() == null || uri.getRawUserInfo().equals(first.getRawUserInfo()))
                    && (uri.getPath().isEmpty() || uri.getPath().equals(first.getPath()));
            if (!alike) {
                throw new IllegalArgumentException("names servers that are not reached alike");
            }
            servers.add(new Server(uri.getHost().replaceAll("[\\[\\]]", ""), port(uri)));
        }
        String login = first.getRawUserInfo() == null ? ":" : first.getRawUserInfo();
        int colon = login.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "has a user without a password; write redis://:password@host when there" + " is only a password");
        }
        return new SessionsUrl(
                TLS.contains(scheme),
                decode(login.substring(0, colon)),
                decode(login.substring(colon + 1)),
                List.copyOf(servers),
                database(first.getPath()));
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text).parseServerAuthority();
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("names no host");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new IllegalArgumentException("has parameters, which are not known");
            }
            return uri;
        } catch (URISyntaxException malformed) {
            // Not as the cause: its message holds the text, and that a password.
            throw new IllegalArgumentException(
                    "is no address; characters of a password that have a meaning in addresses"
                            + " are written as %2F and the like");
        }
    }

    private static int port(URI uri) {
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("has a port that is not from 1 to " + MAX_PORT);
        }
        return port;
    }

    private static int database(String path) {
        if (path.isEmpty() || path.equals("/")) {
            return 0;
        }
        if (!path.matches("/[0-9]{1,4}")) {
            throw new IllegalArgumentException("has a path that is not the number of a database, such as /1");
        }
        return Integer.parseInt(path.substring(1));
    }

    private static String decode(String text) {
        // A plus is a plus in this part of an address.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "SessionsUrl" + servers;
    }
}
