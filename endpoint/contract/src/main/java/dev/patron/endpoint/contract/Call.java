package dev.patron.endpoint.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request to be sent as it is described, byte for byte. Immutable: each change makes another call. */
public final class Call {

    private final int port;
    private final String method;
    private final String target;
    private final Map<String, String> headers;
    private final String body;

    private Call(int port, String method, String target, Map<String, String> headers, String body) {
        this.port = port;
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
    }

    /** A request to a port of this machine, with nothing but a {@code Host} header. */
    public static Call to(int port, String method, String target) {
        return new Call(port, method, target, Map.of("Host", "localhost:" + port), "");
    }

    /** The same with another method. */
    public Call method(String other) {
        return new Call(port, other, target, headers, body);
    }

    /** The same with another request target. */
    public Call target(String other) {
        return new Call(port, method, other, headers, body);
    }

    /** The same with one header more, or with another value of it. */
    public Call with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(port, method, target, more, body);
    }

    /** The same without a header. */
    public Call without(String name) {
        Map<String, String> less = new LinkedHashMap<>(headers);
        less.remove(name);
        return new Call(port, method, target, less, body);
    }

    /** The same for another host, on the port that is called. */
    public Call host(String host) {
        return with("Host", host + ":" + port);
    }

    /** The same with a body. */
    public Call body(String contentType, String content) {
        return new Call(port, method, target, headers, content).with("Content-Type", contentType);
    }

    /** The bytes that are sent, one for each character. */
    public String text() {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            text.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        return text.append("\r\n")
                .append(new String(bytes, StandardCharsets.ISO_8859_1))
                .toString();
    }

    /** Sends the request over a connection of its own. */
    public Answer send() {
        try (RawConnection connection = RawConnection.to(port)) {
            return connection.send(text()).read(!method.equals("HEAD"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public String toString() {
        return method + " " + target + " " + headers.keySet();
    }
}
