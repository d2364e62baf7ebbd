package dev.patron.sandbox.management;

import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;

/** A request that may be answered, by an app that is known. */
record Call(Exchange exchange, Version version, Grant grant) {

    /** Answers shorter than this are not worth the effort. */
    private static final int WORTH_COMPRESSING = 512;

    String storeHash() {
        return grant.storeHash();
    }

    /** The segment of the path at which an id stands. */
    long id(int segment) {
        return number(exchange.segment(segment)).orElseThrow(Refusal::notFound);
    }

    /** A parameter that is there once, or not at all, and is not empty. */
    Optional<String> text(String name) {
        List<String> values = exchange.query(name);
        if (values.size() > 1) {
            throw invalid(name, "There must be one at most.");
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    OptionalLong number(String name, long least, long most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong number = number(text.get());
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
            throw invalid(name, "It must be a whole number from " + least + " to " + most + ".");
        }
        return number;
    }

    /** A parameter such as {@code id:in=1,2}: numbers, with commas between them. */
    Optional<List<Long>> numbers(String name) {
        return text(name)
                .map(text -> Arrays.stream(text.split(",", -1))
                        .map(part -> number(part)
                                .orElseThrow(() -> invalid(name, "It must be ids with commas between them.")))
                        .toList());
    }

    /** What says that a parameter is wrong: v2 400, v3 422. */
    Refusal invalid(String name, String expected) {
        return version == Version.V2 ? new Refusal(400, name + ": " + expected) : Refusal.invalid(name, expected);
    }

    /** The body, a JSON object. */
    Map<String, Object> body() {
        String type = exchange.header("Content-Type").orElse("");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refusal(415, "The body must be JSON: send Content-Type: application/json.");
        }
        try {
            return Json.readObject(exchange.body());
        } catch (ProblemException malformed) {
            throw new Refusal(400, malformed.problem().detail());
        }
    }

    /** Answers 200 with JSON. */
    void answer(Object json) {
        send(exchange, 200, Json.write(json));
    }

    /** Answers 204. */
    void answerNothing() {
        exchange.send(204);
    }

    /** Sends JSON, by gzip where that is accepted; never by deflate, which clients read in two ways. */
    static void send(Exchange exchange, int status, byte[] json) {
        exchange.with("Vary", "Accept-Encoding");
        if (json.length < WORTH_COMPRESSING
                || !acceptsGzip(exchange.header("Accept-Encoding").orElse(""))) {
            exchange.sendJson(status, json);
            return;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        exchange.with("Content-Encoding", "gzip").sendJson(status, compressed.toByteArray());
    }

    private static boolean acceptsGzip(String header) {
        return Arrays.stream(header.toLowerCase(Locale.ROOT).split(",", -1))
                .map(coding -> coding.replace(" ", ""))
                .anyMatch(coding -> coding.equals("gzip") || coding.matches("gzip;q=(1|0\\.\\d*[1-9]\\d*).*"));
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
