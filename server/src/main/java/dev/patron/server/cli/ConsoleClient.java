package dev.patron.server.cli;

import dev.patron.server.options.Options;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the console of the server on this machine, with the operator token from its data folder. */
final class ConsoleClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI console;
    private final String token;

    private ConsoleClient(URI console, String token) {
        this.console = console;
        this.token = token;
    }

    /**
     * A client for the server that {@code PATRON_CONSOLE_PORT} and {@code PATRON_DATA} name, or the default one.
     *
     * @throws CommandFailedException when there is no operator token that this user may read
     */
    static ConsoleClient of(Options options) {
        Path file = options.get(Options.DATA).resolve("operator-token");
        String address = options.get(Options.CONSOLE_ADDRESS);
        String host = address.equals("0.0.0.0") ? "127.0.0.1" : address;
        try {
            return new ConsoleClient(
                    URI.create("http://" + host + ":" + options.get(Options.CONSOLE_PORT)),
                    Files.readString(file).strip());
        } catch (IOException unreadable) {
            throw new CommandFailedException(
                    ExitCode.NOT_ALLOWED,
                    "There is no operator token at " + file + " that you may read. Start the server first,"
                            + " run this as its user, or name its data folder with PATRON_DATA.");
        }
    }

    String get(String path) {
        return send("GET", path, null);
    }

    String post(String path, Map<String, Object> body) {
        return send("POST", path, body);
    }

    String patch(String path, Map<String, Object> body) {
        return send("PATCH", path, body);
    }

    /** Reads a list of JSON objects that the server answered as the one member of an object. */
    static List<Map<String, Object>> readList(String json, String member) {
        return JSON.convertValue(read(json).get(member), new TypeReference<>() {});
    }

    /** Reads a JSON object that the server answered. */
    static Map<String, Object> read(String json) {
        return JSON.readValue(json, new TypeReference<>() {});
    }

    private String send(String method, String path, @Nullable Map<String, Object> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(console.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() < 300) {
                return response.body();
            }
            Map<String, Object> problem = read(response.body());
            throw new CommandFailedException(
                    response.statusCode() == 401 ? ExitCode.NOT_ALLOWED : ExitCode.REFUSED,
                    problem.get("title") + ": " + problem.get("detail"));
        } catch (IOException unreachable) {
            throw new CommandFailedException(
                    ExitCode.UNREACHABLE,
                    "No server answers at " + console + ". Start it, or name its port with PATRON_CONSOLE_PORT.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(ExitCode.UNREACHABLE, "Interrupted; the server may have done its part.");
        }
    }
}
