package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.engines.Certificate;
import dev.patron.engines.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A real Caddy with the file of {@code deploy}, where only names, ports and paths are others. */
final class Caddy implements AutoCloseable {

    private final WebServer process;
    private final Path log;
    private final int port;

    private Caddy(Process process, Path log, int port) {
        this.process = new WebServer(process, this::log);
        this.log = log;
        this.port = port;
    }

    /** Runs it in a folder of its own, in front of two nodes: hosts and ports. Their consoles all have the port of the one server. */
    static Caddy start(Path folder, Backstage backstage, String node, String otherNode) {
        int port = FreePort.find();
        Certificate certificate = backstage.certificate();
        Map<String, String> own = new LinkedHashMap<>();
        own.put(
                "shop.example {",
                "{\n\tadmin off\n\tauto_https disable_redirects\n}\n\nhttps://localhost:" + port + " {\n\ttls "
                        + certificate.chain() + " " + certificate.key());
        own.put("patron-1:8080", node);
        own.put("patron-2:8080", otherNode);
        own.put("health_port 8081", "health_port " + backstage.consolePort());
        own.put("shop:3000", "127.0.0.1:" + backstage.shop().port());
        try {
            String text = Files.readString(Root.PATH.resolve("deploy/Caddyfile"));
            for (Map.Entry<String, String> entry : own.entrySet()) {
                assertThat(text).contains(entry.getKey());
                text = text.replace(entry.getKey(), entry.getValue());
            }
            Path file = Files.writeString(folder.resolve("Caddyfile"), text);
            Path log = folder.resolve("log");
            ProcessBuilder builder = new ProcessBuilder(
                            Program.require("caddy").toString(), "run", "--config", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(Map.of("HOME", folder.toString(), "XDG_DATA_HOME", folder.toString()));
            Caddy caddy = new Caddy(builder.start(), log, port);
            caddy.process.awaitReady(port);
            return caddy;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    URI https() {
        return URI.create("https://localhost:" + port);
    }

    /** What it has logged. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
