package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.TestInfo;

/** Two nodes of one Patron with one store at {@code localhost}. */
final class TwoNodes implements AutoCloseable {

    private final String storeHash;
    private final Node a;
    private Node b;

    private TwoNodes(String storeHash, Node a, Node b) {
        this.storeHash = storeHash;
        this.a = a;
        this.b = b;
    }

    /** Starts both at once on an empty database: one makes the tables, and the other waits for it. */
    static TwoNodes start(String storeHash, Map<String, String> environmentOfA, Map<String, String> environmentOfB)
            throws IOException {
        try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Node> first = starts.submit(() -> Node.start(environmentOfA));
            Future<Node> second = starts.submit(() -> Node.start(environmentOfB));
            TwoNodes nodes = new TwoNodes(storeHash, first.get(), second.get());
            HttpResponse<String> store = nodes.a
                    .client()
                    .console(
                            "POST",
                            "/api/v1/stores",
                            Map.of(
                                    "store_hash",
                                    storeHash,
                                    "name",
                                    "Nodes",
                                    "https",
                                    false,
                                    "hosts",
                                    List.of("localhost")));
            assertThat(store.statusCode()).as(store.body()).isEqualTo(201);
            return nodes;
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    Node a() {
        return a;
    }

    Node b() {
        return b;
    }

    List<Node> both() {
        return List.of(a, b);
    }

    /** Puts a node into the place of {@link #b}. */
    void replaceB(Node fresh) {
        b = fresh;
    }

    String storeHash() {
        return storeHash;
    }

    /** An app that is allowed at the store. */
    record App(String clientId, String clientSecret) {}

    App createApp() throws IOException {
        HttpResponse<String> answer = a.client().console("POST", "/api/v1/apps", Map.of("name", "An app"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new App(
                ShopClient.json(answer).get("client_id").asString(),
                ShopClient.json(answer).get("client_secret").asString());
    }

    /** Waits until both work again under a load, ends it, and says that nobody was told what they must not be told. */
    static void settle(Load load, TestInfo test) throws IOException {
        long millis = load.millisUntilNormal();
        load.awaitTokens();
        List<String> violations = load.violations();
        System.out.printf("%s: back to normal after %d ms; %s.%n", test.getDisplayName(), millis, load.toString());
        assertThat(violations).isEmpty();
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
