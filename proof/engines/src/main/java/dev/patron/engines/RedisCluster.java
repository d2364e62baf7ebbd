package dev.patron.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of Redis servers without replicas, each with a part of the keys, and writing each command to its disk before it
 * answers: what a server has acknowledged is there again when it was killed and started again. Thread-safe.
 */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    /** The servers talk to each other at another port, which is higher by so much. */
    private static final int BUS_OFFSET = 10_000;

    private static final int MOST_TRIES = 600;
    private static final String[] SETTINGS = {
        "--cluster-enabled", "yes",
        "--cluster-node-timeout", "2000",
        "--cluster-require-full-coverage", "no",
        "--appendonly", "yes",
        "--appendfsync", "always"
    };

    private final List<RedisServer> servers;

    private RedisCluster(List<RedisServer> servers) {
        this.servers = servers;
    }

    /**
     * Starts a cluster.
     *
     * @throws IllegalStateException when it does not become ready
     */
    public static RedisCluster start(int masters) {
        List<RedisServer> servers =
                IntStream.range(0, masters).mapToObj(i -> start()).toList();
        for (int i = 0; i < masters; i++) {
            List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            IntStream.range(SLOTS * i / masters, SLOTS * (i + 1) / masters)
                    .mapToObj(Integer::toString)
                    .forEach(slots::add);
            ask(servers.get(i), slots);
            ask(servers.get(i), List.of("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1)));
        }
        for (RedisServer server : servers.subList(1, masters)) {
            ask(servers.get(0), List.of("CLUSTER", "MEET", "127.0.0.1", Integer.toString(server.port())));
        }
        RedisCluster cluster = new RedisCluster(servers);
        cluster.awaitWhole();
        return cluster;
    }

    private static RedisServer start() {
        return RedisServer.startAt(FreePort.find(BUS_OFFSET), SETTINGS);
    }

    /** Waits until each server knows all others and where every key is. */
    public void awaitWhole() {
        for (RedisServer server : servers) {
            awaitWhole(server);
        }
    }

    private void awaitWhole(RedisServer server) {
        String info = "";
        for (int i = 0; i < MOST_TRIES; i++) {
            info = ask(server, List.of("CLUSTER", "INFO"));
            if (info.contains("cluster_state:ok")
                    && info.contains("cluster_slots_ok:" + SLOTS)
                    && info.contains("cluster_known_nodes:" + servers.size())) {
                return;
            }
            pause();
        }
        throw new IllegalStateException("The cluster does not become whole:\n" + info);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        }
    }

    /** Where its servers are, as clients are told. */
    public String url() {
        return servers.stream().map(RedisServer::url).collect(Collectors.joining(","));
    }

    /** Its servers. */
    public List<RedisServer> servers() {
        return servers;
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }

    /** Sends a command, and returns the answer, a text. */
    private static String ask(RedisServer server, List<String> command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String request = Stream.concat(
                            Stream.of("*" + command.size()),
                            command.stream().flatMap(word -> Stream.of("$" + word.length(), word)))
                    .collect(Collectors.joining("\r\n", "", "\r\n"));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String first = String.valueOf(answer.readLine());
            if (first.startsWith("-")) {
                throw new IllegalStateException(command.get(0) + " " + command.get(1) + ": " + first);
            }
            if (!first.startsWith("$")) {
                return first;
            }
            char[] text = new char[Integer.parseInt(first.substring(1))];
            int length = 0;
            while (length < text.length) {
                length += answer.read(text, length, text.length - length);
            }
            return new String(text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
