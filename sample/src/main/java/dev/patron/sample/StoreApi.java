package dev.patron.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's management API, for the stores that have installed the app. Thread-safe. */
@Component
class StoreApi {

    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;

    private final PlatformProperties properties;
    private final Installations installations;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient client;

    StoreApi(PlatformProperties properties, Installations installations) {
        this.properties = properties;
        this.installations = installations;
        this.client =
                HttpClient.newBuilder().connectTimeout(properties.timeout()).build();
    }

    /**
     * What a store has at a path, such as {@code /v2/orders/1}; nothing where there is none.
     *
     * @throws PlatformException when it cannot be told
     */
    Optional<JsonNode> get(String storeHash, String path) {
        return send(storeHash, path, request -> request.GET());
    }

    /**
     * Adds something to a store.
     *
     * @throws PlatformException when it was not added, or that cannot be told
     */
    void post(String storeHash, String path, Map<String, Object> body) {
        send(
                storeHash,
                path,
                request -> request.header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    private interface Completed {
        HttpRequest.Builder complete(HttpRequest.Builder request);
    }

    private Optional<JsonNode> send(String storeHash, String path, Completed method) {
        String token = installations
                .accessToken(storeHash)
                .orElseThrow(() -> new PlatformException("The app is not installed at this store."));
        URI address = URI.create(properties.address() + "/stores/" + storeHash + path);
        Duration left = properties.patience();
        while (true) {
            HttpRequest request = method.complete(HttpRequest.newBuilder(address)
                            .timeout(properties.timeout())
                            .header("X-Auth-Token", token)
                            .header("Accept", "application/json"))
                    .build();
            HttpResponse<String> answer = send(request);
            Duration wait = retryAfter(answer);
            if (answer.statusCode() != TOO_MANY_REQUESTS || wait.compareTo(left) > 0) {
                return read(answer);
            }
            left = left.minus(wait);
            LockSupport.parkNanos(wait.toNanos());
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException away) {
            throw new PlatformException("The store does not answer.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new PlatformException("The app is stopping.");
        }
    }

    private Optional<JsonNode> read(HttpResponse<String> answer) {
        if (answer.statusCode() == NO_CONTENT || answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (answer.statusCode() != 200) {
            throw new PlatformException("The store answers " + answer.statusCode() + ".");
        }
        try {
            return Optional.of(json.readTree(answer.body()));
        } catch (JacksonException malformed) {
            throw new PlatformException("The store's answer is not JSON.");
        }
    }

    private static Duration retryAfter(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("X-Retry-After")
                .filter(seconds -> seconds.matches("[0-9]{1,4}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(Duration.ofHours(1));
    }
}
