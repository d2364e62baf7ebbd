package dev.patron.server.cli;

import dev.patron.server.options.Options;
import dev.patron.server.sql.DataFolder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the console of the server on this machine, with the operator token from its data folder. */
final class ConsoleClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** What takes the server a while to make. */
    private static final Duration DOWNLOAD_TIMEOUT = Duration.ofHours(1);

    /** How many items a part of a list has at most. */
    private static final int MOST = 100;

    private final URI console;
    private final String token;

    private ConsoleClient(URI console, String token) {
        this.console = console;
        this.token = token;
    }

    /**
     * A client for the server that {@code PATRON_CONSOLE_PORT} and {@code PATRON_DATA} name, or the default one.
     *
     * @throws CommandFailedException when there is no operator token that this user may read, or the console would be
     *     on another machine
     */
    static ConsoleClient of(Options options) {
        URI console = console(options.get(Options.CONSOLE_ADDRESS), options.get(Options.CONSOLE_PORT));
        Path file = options.get(Options.DATA).resolve("operator-token");
        try {
            return new ConsoleClient(console, Files.readString(file).strip());
        } catch (IOException unreadable) {
            throw new CommandFailedException(
                    ExitCode.NOT_ALLOWED,
                    "There is no operator token at " + file + " that you may read. Start the server first,"
                            + " run this as its user, or name its data folder with PATRON_DATA.");
        }
    }

    /** Where the console is. Options may come from a file in the current folder: it cannot send the token elsewhere. */
    private static URI console(String address, int port) {
        try {
            InetAddress ip = InetAddress.getByName(address);
            if (ip.isAnyLocalAddress()) {
                ip = InetAddress.getLoopbackAddress();
            }
            if (!ip.isLoopbackAddress() && NetworkInterface.getByInetAddress(ip) == null) {
                throw new CommandFailedException(
                        ExitCode.NOT_ALLOWED,
                        "patron.console.address is " + address + ", which is not an address of this machine. The"
                                + " operator token is sent to no other: run this where the server runs.");
            }
            return new URI("http", null, ip.getHostAddress(), port, "/", null, null);
        } catch (IOException | URISyntaxException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    String get(String path) {
        return send("GET", path, null, null);
    }

    String post(String path, Map<String, Object> body) {
        return send("POST", path, body, null);
    }

    String patch(String path, Map<String, Object> body) {
        return send("PATCH", path, body, null);
    }

    String delete(String path) {
        return send("DELETE", path, null, null);
    }

    /** Deletes unless it has another revision by now. */
    String delete(String path, Object revision) {
        return send("DELETE", path, null, "\"" + revision + "\"");
    }

    /**
     * Writes what the server answers to a new file, readable by its owner only. There is a whole file or none.
     *
     * @throws CommandFailedException when there is such a file already, or the server refuses
     */
    void download(String path, Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            DataFolder.create(part);
            HttpResponse<Path> response = send(request("GET", path, DOWNLOAD_TIMEOUT), BodyHandlers.ofFile(part));
            if (response.statusCode() != 200) {
                throw refusal(response, Files.readString(part));
            }
            DataFolder.keep(part, file);
        } catch (FileAlreadyExistsException there) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "There is a file " + file + " already. Name another one.");
        } catch (IOException failed) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "The file " + file + " cannot be written ("
                            + failed.getClass().getSimpleName() + ").");
        } finally {
            part.toFile().delete();
        }
    }

    /** The whole of a list that comes in parts, as one answer. */
    String getAll(String path, String member) {
        List<Map<String, Object>> all = new ArrayList<>();
        String part = path + "?limit=" + MOST;
        while (true) {
            Map<String, Object> answer = read(get(part));
            all.addAll(objects(answer.get(member)));
            if (!(answer.get("next") instanceof String next)) {
                return write(Map.of(member, all));
            }
            part = path + "?limit=" + MOST + parameter("after", next);
        }
    }

    /** What a further parameter adds to a path; nothing when it has no value. */
    static String parameter(String name, @Nullable Object value) {
        return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
    }

    /** Reads a list of JSON objects that the server answered as a member of an object. */
    static List<Map<String, Object>> readList(String json, String member) {
        return objects(read(json).get(member));
    }

    /** A member of an answer that is a list of objects. */
    static List<Map<String, Object>> objects(@Nullable Object member) {
        return JSON.convertValue(member, new TypeReference<>() {});
    }

    /** Writes a JSON object for scripts to read. */
    static String write(Map<String, Object> members) {
        return JSON.writeValueAsString(members);
    }

    /** A member of an answer that is a list of strings. */
    static List<String> texts(@Nullable Object member) {
        return JSON.convertValue(member, new TypeReference<>() {});
    }

    /** Reads a JSON object that the server answered. */
    static Map<String, Object> read(String json) {
        return JSON.readValue(json, new TypeReference<>() {});
    }

    private String send(String method, String path, @Nullable Map<String, Object> body, @Nullable String revision) {
        HttpRequest.Builder request = request(method, path, TIMEOUT);
        if (body != null) {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        if (revision != null) {
            request.header("If-Match", revision);
        }
        try {
            HttpResponse<String> response = send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw refusal(response, response.body());
            }
            if (!response.body().isEmpty()) {
                requireType(response, "application/json");
            }
            return response.body();
        } catch (IOException unreachable) {
            throw unreachable();
        }
    }

    private HttpRequest.Builder request(String method, String path, Duration timeout) {
        return HttpRequest.newBuilder(console.resolve(path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.noBody());
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            return client.send(request.build(), handler);
        } catch (ConnectException | HttpConnectTimeoutException nobody) {
            throw unreachable();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(ExitCode.UNREACHABLE, "Interrupted; the server may have done its part.");
        }
    }

    private CommandFailedException refusal(HttpResponse<?> response, String body) {
        requireType(response, "application/problem+json");
        Map<String, Object> problem = read(body);
        return new CommandFailedException(
                response.statusCode() == 401 ? ExitCode.NOT_ALLOWED : ExitCode.REFUSED,
                problem.get("title") + ": " + problem.get("detail"));
    }

    private void requireType(HttpResponse<?> response, String expected) {
        if (response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith(expected))
                .isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.UNREACHABLE,
                    "What answers at " + console.getAuthority()
                            + " is not Patron's console. Name its port with PATRON_CONSOLE_PORT.");
        }
    }

    private CommandFailedException unreachable() {
        return new CommandFailedException(
                ExitCode.UNREACHABLE,
                "No server answers at " + console.getAuthority()
                        + ". Start it, or name its port with PATRON_CONSOLE_PORT.");
    }
}
