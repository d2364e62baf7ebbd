package dev.patron.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform that answers what it was told to. */
final class Platform implements AutoCloseable {

    private record Answer(int status, String body, Map<String, String> headers) {}

    private final HttpServer server;
    private final Map<String, Queue<Answer>> once = new ConcurrentHashMap<>();
    private final Map<String, Answer> always = new ConcurrentHashMap<>();

    /** Method and target of each call, in order. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    Platform() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    void reset() {
        once.clear();
        always.clear();
        calls.clear();
    }

    void always(String target, int status, String body) {
        always.put(target, new Answer(status, body, Map.of()));
    }

    void once(String target, int status, Map<String, String> headers) {
        once.computeIfAbsent(target, key -> new ArrayDeque<>()).add(new Answer(status, "", headers));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestURI().toString();
        calls.add(exchange.getRequestMethod() + " " + target + " "
                + exchange.getRequestHeaders().getFirst("X-Auth-Token"));
        Queue<Answer> first = once.get(target);
        Answer next = first == null ? null : first.poll();
        Answer answer = next == null ? always.getOrDefault(target, new Answer(404, "[]", Map.of())) : next;
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
