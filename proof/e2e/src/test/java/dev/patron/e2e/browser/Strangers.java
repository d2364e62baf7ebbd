package dev.patron.e2e.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A web server of somebody else: its pages are another origin than the store. It also answers what an endpoint without
 * any protection would, to show that the attempts on the real one are real attempts.
 */
final class Strangers implements AutoCloseable {

    /** What the unprotected endpoint gives away. */
    static final String UNPROTECTED = "window.leaked='eyUnprotected'";

    private final HttpServer server;

    Strangers() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext(
                "/page", exchange -> answer(exchange, "text/html", "<!doctype html><title>Strangers</title>"));
        server.createContext("/unprotected.js", exchange -> answer(exchange, "text/javascript", UNPROTECTED));
        server.createContext("/unprotected.html", exchange -> answer(exchange, "text/html", UNPROTECTED));
        server.createContext(
                "/unprotected.svg",
                exchange -> answer(
                        exchange,
                        "image/svg+xml",
                        "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='7'></svg>"));
        server.start();
    }

    /** Another site than localhost, as browsers count sites. */
    String otherSite(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** The store's site, but another origin: another port. */
    String sameSite(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String origin = exchange.getRequestHeaders().getFirst("Origin");
            if (origin != null) {
                exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
                exchange.getResponseHeaders().set("Access-Control-Allow-Credentials", "true");
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
