package dev.patron.e2e.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tiny shop. It answers every path, says so, and asks whoever is in front to keep the answer. */
final class Shop implements AutoCloseable {

    private final HttpServer http;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private Shop(HttpServer http) {
        this.http = http;
    }

    static Shop open() {
        try {
            Shop shop = new Shop(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50));
            shop.http.createContext("/", shop::answer);
            shop.http.start();
            return shop;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return http.getAddress().getPort();
    }

    /** The paths that it was asked for, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getPath());
        byte[] page = "A page of the shop".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Cache-Control", "public, max-age=3600");
        exchange.getResponseHeaders().set("X-Accel-Expires", "3600");
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }
}
