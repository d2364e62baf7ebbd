package dev.patron.e2e.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts the sandbox as {@code ./run} does, with its small heap, and makes it hold as much as it takes: of each kind of
 * request one after another, more connections than it admits, from many addresses. Meanwhile another client gets its
 * tokens; afterwards it is the same process, and its memory is as free as before.
 */
class ExhaustionTest {

    private static final int HOSTS = 16;
    private static final int TOKENS = 10;
    private static final int UNREAD_ANSWERS = 50;
    private static final long LEFT_OVER_BYTES = 16L * 1024 * 1024;
    private static final int MOST_LOOKS = 60;
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    private static final String HOST = "Host: localhost\r\n";

    /**
     * What is sent on each of many connections.
     *
     * @param toConsole to which listener
     * @param connections how many; more than it admits
     */
    private record Attack(String name, boolean toConsole, int connections, String bytes) {}

    @Test
    @Timeout(600)
    void server_holdsWhatItTakes_andServesOthers(@TempDir Path data) throws Exception {
        try (ServerProcess server = start(data)) {
            String operatorToken =
                    Files.readString(data.resolve("operator-token")).strip();
            try (ShopClient john = new ShopClient(server.storefront(), server.console(), operatorToken)) {
                String session = ShopClient.session(john.signIn("john.doe@gmail.com", "patron-sandbox"))
                        .orElseThrow();
                String request = "GET /customer/current.jwt?app_client_id=" + CLIENT_ID + " HTTP/1.1\r\n" + HOST
                        + "Cookie: SHOP_SESSION_TOKEN=" + session + "\r\nConnection: close\r\n\r\n";
                assertThat(statuses(server, request)).containsOnly(200);
                long before = oldSpace(server, john);
                for (Attack attack : attacks(operatorToken)) {
                    Held held = hold(server, attack);
                    try {
                        assertThat(statuses(server, request)).as(attack.name()).containsOnly(200);
                    } finally {
                        held.close();
                    }
                    System.out.printf(
                            "Exhaustion test: %s at the %s: old space %+d KiB%n",
                            attack.name(),
                            attack.toConsole() ? "console" : "storefront",
                            (oldSpace(server, john) - before) / 1024);
                }
                // The server learns one after another that the last connections are closed.
                for (int i = 0; i < MOST_LOOKS && oldSpace(server, john) >= before + LEFT_OVER_BYTES; i++) {
                    Thread.sleep(LOOK_INTERVAL);
                }
                assertThat(oldSpace(server, john)).isLessThan(before + LEFT_OVER_BYTES);
                assertThat(server.output()).doesNotContain("OutOfMemoryError", "A request failed");
            }
        }
    }

    private static List<Attack> attacks(String operatorToken) {
        String head = "GET / HTTP/1.1\r\n" + HOST;
        String manyHeaders = head + headers(98);
        String form = "POST /login.php?action=check_login HTTP/1.1\r\n" + HOST
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
        String fields = "a&".repeat(32 * 1024);
        String api = "POST /api/v1/stores HTTP/1.1\r\n" + HOST + "Authorization: Bearer " + operatorToken
                + "\r\nContent-Type: application/json\r\nContent-Length: ";
        String page = "GET /login.php HTTP/1.1\r\n" + HOST + "\r\n";
        String half = "POST /login.php HTTP/1.1\r\n" + HOST + "Content-Length: 65536\r\n\r\n" + "x".repeat(65_000);
        List<Attack> attacks = new ArrayList<>();
        for (boolean toConsole : List.of(false, true)) {
            attacks.add(new Attack("silent connections", toConsole, 2000, ""));
            attacks.add(new Attack("heads of many headers", toConsole, 1000, manyHeaders));
            attacks.add(new Attack("heads of very many headers", toConsole, 1000, head + headers(2000)));
            attacks.add(new Attack("heads of long headers", toConsole, 1000, head + "a: " + "x".repeat(8000)));
            attacks.add(new Attack("bodies that are not complete", toConsole, 1000, half));
            attacks.add(new Attack("answers that are not read", toConsole, 1000, page.repeat(UNREAD_ANSWERS)));
        }
        attacks.add(new Attack("forms of many fields", false, 1000, form + fields.length() + "\r\n\r\n" + fields));
        attacks.add(new Attack(
                "queries of many fields",
                false,
                1000,
                "GET /login.php?" + "a&".repeat(1900) + " HTTP/1.1\r\n" + HOST + "\r\n"));
        for (String json : List.of(
                "[".repeat(200_000),
                "{\"a\":".repeat(40_000),
                "{\"a\":[" + "1,".repeat(100_000) + "1]}",
                "{\"name\":\"" + "x".repeat(200_000) + "\"}",
                "{\"" + "x".repeat(200_000) + "\":1}")) {
            attacks.add(new Attack("JSON " + json.substring(0, 5), true, 500, api + json.length() + "\r\n\r\n" + json));
        }
        return attacks;
    }

    /** Empty headers, each with a name of its own. */
    private static String headers(int count) {
        return IntStream.range(0, count).mapToObj(i -> "h" + i + ":\r\n").collect(Collectors.joining());
    }

    /** The connections of an attack, and the threads that send on them. */
    private record Held(List<HostileConnection> connections, ExecutorService clients) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            // Whoever still sends fails.
            for (HostileConnection connection : connections) {
                connection.close();
            }
            clients.close();
        }
    }

    /** Opens the connections of an attack, and has it sent what it sends; nothing is read. */
    private static Held hold(ServerProcess server, Attack attack) throws IOException {
        int port = (attack.toConsole() ? server.console() : server.storefront()).getPort();
        Held held = new Held(new ArrayList<>(), Executors.newVirtualThreadPerTaskExecutor());
        for (int i = 0; i < attack.connections(); i++) {
            HostileConnection connection = new HostileConnection(2 + i % HOSTS, port);
            held.connections().add(connection);
            held.clients().execute(() -> connection.send(attack.bytes()));
        }
        return held;
    }

    /** What another client is answered, on connections of its own. */
    private static List<Integer> statuses(ServerProcess server, String request) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            try (HostileConnection connection =
                    new HostileConnection(1, server.storefront().getPort())) {
                connection.send(request);
                statuses.add(connection.status());
            }
        }
        return statuses;
    }

    /** The bytes of the heap's old space that are in use, after a collection. */
    private static long oldSpace(ServerProcess server, ShopClient operator) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process collection = new ProcessBuilder(jcmd.toString(), Long.toString(server.pid()), "GC.run").start();
        assertThat(collection.waitFor()).isZero();
        HttpResponse<String> metrics = operator.console("GET", "/api/v1/metrics", Map.of());
        Matcher used = Pattern.compile("jvm_memory_pool_used_bytes\\{pool=\"Tenured Gen\"} (\\S+)")
                .matcher(metrics.body());
        assertThat(used.find()).as(metrics.body()).isTrue();
        return (long) Double.parseDouble(used.group(1));
    }

    private static ServerProcess start(Path data) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                Files.readString(Root.PATH.resolve("build/jvm.options")).strip().split("\\s+")));
        command.addAll(List.of("-jar", Root.sandboxJar().toAbsolutePath().toString()));
        return ServerProcess.start(
                command,
                data,
                Map.of("PATRON_DATA", data.toString(), "PATRON_STOREFRONT_PORT", "0", "PATRON_CONSOLE_PORT", "0"));
    }
}
