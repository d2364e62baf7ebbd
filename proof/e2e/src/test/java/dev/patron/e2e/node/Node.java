package dev.patron.e2e.node;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A server of several on one database, with a data folder of its own, and what is sent to it. */
record Node(ServerProcess server, ShopClient client) implements AutoCloseable {

    /** Every node has the same one. */
    static final String MASTER_KEY = "5c".repeat(32);

    /** Starts a node with further variables of the environment. */
    static Node start(Map<String, String> database, String... more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATRON_MASTER_KEY", MASTER_KEY,
                // Passwords are not what this is about.
                "PATRON_PASSWORDS_MEMORY", "1MiB",
                "PATRON_PASSWORDS_ITERATIONS", "1",
                "PATRON_SIGN_IN_ATTEMPTS_PER_ADDRESS", "1000000",
                "PATRON_SIGN_IN_SUCCESSES_PER_ACCOUNT", "1000000",
                "PATRON_SIGN_IN_SUCCESSES_PER_ADDRESS", "1000000"));
        environment.putAll(database);
        for (String variable : more) {
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        try {
            Path data = Files.createTempDirectory("patron-node-");
            ServerProcess server = ServerProcess.start(Root.serverJar(), data, environment);
            String operatorToken =
                    Files.readString(data.resolve("operator-token")).strip();
            return new Node(server, new ShopClient(server.storefront(), server.console(), operatorToken));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The status with which it says whether it is ready. */
    int health() throws IOException {
        return client.console("GET", "/health/ready", Map.of()).statusCode();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
