package dev.patron.engines;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A Redis server with data of its own, on a free port of the loopback interface: the oldest version that Patron works with.
 * It does not outlive the process that started it. Thread-safe.
 */
public final class RedisServer implements AutoCloseable {

    private static final String READY = "Ready to accept connections";

    private final Path folder;
    private final String scheme;
    private final int port;
    private final ServerProcess process;

    private RedisServer(Path folder, String scheme, int port, List<String> settings) {
        this.scheme = scheme;
        this.folder = folder;
        this.port = port;
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("redis-server").toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                ""));
        command.addAll(settings);
        this.process = new ServerProcess(command, folder, READY);
    }

    /**
     * Starts a server, which forgets everything when it ends unless the settings say otherwise.
     *
     * @param settings such as {@code "--appendonly", "yes"}
     * @throws IllegalStateException when it does not become ready
     */
    public static RedisServer start(String... settings) {
        return startAt(FreePort.find(), settings);
    }

    /** Starts a server that speaks only TLS, and asks clients for no certificate. */
    public static RedisServer startTls(Certificate certificate) {
        int port = FreePort.find();
        return start(
                port,
                "rediss",
                folder -> List.of(
                        "--port", "0",
                        "--tls-port", Integer.toString(port),
                        "--tls-cert-file", copy(certificate.chain(), folder),
                        "--tls-key-file", copy(certificate.key(), folder),
                        "--tls-auth-clients", "no"));
    }

    static RedisServer startAt(int port, String... settings) {
        return start(port, "redis", folder -> List.of(settings));
    }

    private static RedisServer start(int port, String scheme, Function<Path, List<String>> settings) {
        try {
            Path folder = Files.createTempDirectory("patron-redis-");
            unpack(folder.resolve("redis-server"));
            RedisServer server = new RedisServer(folder, scheme, port, settings.apply(folder));
            OrdinaryUser.give(folder);
            server.process.start();
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String copy(Path file, Path folder) {
        try {
            return Files.copy(file, folder.resolve(String.valueOf(file.getFileName())))
                    .toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The port that it listens to. */
    public int port() {
        return port;
    }

    /** Where it is, as clients are told. */
    public String url() {
        return scheme + "://localhost:" + port;
    }

    /** Stops it in good order. */
    public void stop() {
        process.signal("TERM");
        process.awaitEnd();
    }

    /** Ends it at once. */
    public void kill() {
        process.kill();
    }

    /** Starts it again, at the same port and with what it has written to its files. */
    public void startAgain() {
        process.start();
    }

    /** Makes it stand still, connections open: nobody gets an answer. */
    public void freeze() {
        process.signalAll("STOP");
    }

    /** Lets it go on after {@link #freeze}. */
    public void thaw() {
        process.signalAll("CONT");
    }

    @Override
    public void close() {
        process.kill();
        ServerProcess.delete(folder);
    }

    private static void unpack(Path program) throws IOException {
        String name = program();
        try (InputStream packed = RedisServer.class.getResourceAsStream("/" + name)) {
            if (packed == null) {
                throw new IllegalStateException("There is no Redis for this machine (" + name + ")");
            }
            Files.copy(packed, program);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String program() {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (mac) {
            return "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
        }
        return arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
    }
}
