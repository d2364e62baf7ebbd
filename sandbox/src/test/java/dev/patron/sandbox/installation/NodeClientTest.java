package dev.patron.sandbox.installation;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.CLIENT_SECRET;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.management.ManagementApi;
import dev.patron.sandbox.order.Orders;
import dev.patron.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's client library for Node, as npm has it, against the sandbox. {@code ./test} sees to Node and npm. */
@Timeout(180)
class NodeClientTest {

    private static final String LIBRARY = "node-bigcommerce@4.1.0";

    @TempDir
    private Path folder;

    @Test
    void platformsOwnClient_worksUnmodified() throws IOException, InterruptedException {
        AtomicReference<InstallationModule> added = new AtomicReference<>();
        Catalogue catalogue = new Catalogue();
        try (TestServer server = TestServer.start(patron -> {
            InstallationModule module = InstallationModule.addTo(patron);
            new ManagementApi(patron, module.installations(), STORE, catalogue, new Orders(catalogue))
                    .addTo(patron.console().routes());
            added.set(module);
        })) {
            InstallationModule module = added.get();
            String accessToken = module.installations()
                    .install(
                            STORE,
                            CLIENT_ID,
                            Set.of(
                                    "store_v2_orders_read_only",
                                    "store_v2_products_read_only",
                                    "store_v2_information_read_only"));
            run(Map.of(), "npm", "init", "-y");
            run(Map.of(), "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", LIBRARY);
            run(
                    Map.of(),
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "test",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    "test.p12",
                    "-storepass",
                    "test-only");
            Path script = folder.resolve("node-client.cjs");
            try (InputStream source = NodeClientTest.class.getResourceAsStream("node-client.cjs")) {
                Files.copy(Objects.requireNonNull(source), script);
            }

            JsonNode result = new JsonMapper()
                    .readTree(run(
                            Map.of(
                                    "CONSOLE_PORT", Integer.toString(server.consolePort()),
                                    "ACCESS_TOKEN", accessToken,
                                    "CLIENT_ID", CLIENT_ID,
                                    "CLIENT_SECRET", CLIENT_SECRET,
                                    "STORE_HASH", STORE,
                                    "SIGNED_PAYLOAD", signedPayload(server),
                                    "KEY_STORE", folder.resolve("test.p12").toString()),
                            "node",
                            script.toString()));

            assertThat(result.path("time").asLong())
                    .isEqualTo(server.clock().instant().getEpochSecond());
            assertThat(result.path("orders").asInt()).isEqualTo(29);
            assertThat(result.path("newestTotal").asString()).isEqualTo("55.0000");
            assertThat(result.path("lines").toString()).isEqualTo("[201,901]");
            assertThat(result.path("nothing").asString()).isEmpty();
            assertThat(result.path("product").asString()).isEqualTo("Stoneware mug");
            assertThat(result.path("missing").asString())
                    .contains("error code: 404", "The requested resource was not found.");
            assertThat(result.path("summary").asInt()).isEqualTo(240);
            assertThat(result.path("refused").asString()).contains("error code: 403");
            assertThat(result.path("payload").asString()).isEqualTo(STORE);
            assertThat(result.path("forged").asString()).isEqualTo("refused");
            module.close();
        }
    }

    private static String signedPayload(TestServer server) {
        SignedPayload payload = new SignedPayload(
                server.patron().services().apps,
                server.patron().services().rotation,
                new Users(server.patron().services().members),
                server.clock());
        return Arrays.stream(
                        payload.parameters(CLIENT_ID, STORE, 1).orElseThrow().split("&", -1))
                .filter(parameter -> parameter.startsWith("signed_payload="))
                .map(parameter ->
                        URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    private String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(new HashMap<>(environment));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
        return output;
    }
}
