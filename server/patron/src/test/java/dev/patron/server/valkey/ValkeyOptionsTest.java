package dev.patron.server.valkey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.engines.Certificate;
import dev.patron.engines.RedisCluster;
import dev.patron.engines.RedisServer;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.options.InvalidOptionException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told when the server that the options name for sessions is not there, or not for them. */
class ValkeyOptionsTest {

    private static final String PASSWORD = "p@ss/word+1";
    private static final String ENCODED = "p%40ss%2Fword+1";

    private static RedisServer server;
    private static RedisServer open;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = RedisServer.start("--requirepass", PASSWORD);
        open = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        open.close();
    }

    @Test
    void serverWithPassword_isConnectedTo() {
        try (TestServices services = services("redis://:" + ENCODED + "@127.0.0.1:" + server.port())) {
            assertThat(services.sessions.count()).isZero();
        }
        try (TestServices services = services("valkey://default:" + ENCODED + "@127.0.0.1:" + server.port() + "/3")) {
            assertThat(services.sessions.count()).isZero();
        }
    }

    @Test
    void wrongPassword_isSaidAndNotShown() {
        refused("redis://:wrong-secret@127.0.0.1:" + server.port())
                .contains("refuses the user, the password")
                .doesNotContain("wrong-secret");
        refused("redis://127.0.0.1:" + server.port()).contains("refuses the user, the password");
    }

    @Test
    void noServer_isSaidWithItsAddress() {
        RedisServer gone = RedisServer.start();
        gone.close();

        refused("redis://:some-secret@127.0.0.1:" + gone.port())
                .contains("No server can be reached at 127.0.0.1:" + gone.port())
                .doesNotContain("some-secret");
    }

    @Test
    void serverThatStillLoads_isSaid() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                byte[] request = new byte[4096];
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        while (client.getInputStream().read(request) > 0) {
                            client.getOutputStream()
                                    .write("-LOADING Redis is loading the dataset in memory\r\n".getBytes(US_ASCII));
                        }
                    } catch (IOException nextOrEnd) {
                        // The loop tells which.
                    }
                }
            });

            refused("redis://127.0.0.1:" + socket.getLocalPort()).contains("still reads its data");
        }
    }

    @Test
    void firstServerAway_theNextIsAsked() {
        try (RedisCluster cluster = RedisCluster.start(3)) {
            cluster.servers().getFirst().kill();
            try (TestServices services = services(cluster.url())) {
                assertThat(services.options).isNotNull();
            }
        }
    }

    @Test
    void clusterWithNumberOfDatabase_isRefused() {
        try (RedisCluster cluster = RedisCluster.start(3)) {
            try (TestServices services = services(cluster.servers().getFirst().url())) {
                assertThat(services.sessions.count()).isZero();
            }
            refused(cluster.servers().getFirst().url() + "/1").contains("A cluster has only the database 0");
        }
    }

    @Test
    void severalServersOfNoCluster_areRefused() {
        try (RedisServer other = RedisServer.start()) {
            refused(open.url() + "," + other.url()).contains("of no cluster");
        }
    }

    @Test
    void tls_isSpokenWithServersWhoseAuthorityIsNamed() {
        Certificate certificate = Certificate.create(folder);
        try (RedisServer tls = RedisServer.startTls(certificate)) {
            try (TestServices services = services(tls.url(), "patron.sessions.certificates=" + certificate.chain())) {
                assertThat(services.sessions.count()).isZero();
            }

            refused(tls.url()).contains("TLS cannot be agreed on");
            refused(tls.url().replace("rediss", "redis")).contains("No server can be reached");
        }
        refused(open.url().replace("redis", "rediss"), "patron.sessions.certificates=" + certificate.chain())
                .startsWith("patron.sessions.url: ");
    }

    @Test
    void tls_certificateOfAnotherName_isRefused() {
        Certificate certificate = Certificate.create(folder);
        try (RedisServer tls = RedisServer.startTls(certificate)) {
            String file = "patron.sessions.certificates=" + certificate.chain();
            services(tls.url(), file).close();

            refused(tls.url().replace("localhost", "127.0.0.1"), file).contains("TLS cannot be agreed on");
        }
    }

    private TestServices services(String url, String... more) {
        return TestServices.empty(
                StorageEngine.H2,
                folder.resolve("data"),
                Stream.concat(Stream.of("patron.sessions.url=" + url), Stream.of(more))
                        .toArray(String[]::new));
    }

    private AbstractStringAssert<?> refused(String url, String... more) {
        InvalidOptionException[] thrown = new InvalidOptionException[1];
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> services(url, more).close())
                .satisfies(refusal -> thrown[0] = refusal);
        return assertThat(thrown[0].getMessage()).startsWith("patron.sessions.url: ");
    }
}
