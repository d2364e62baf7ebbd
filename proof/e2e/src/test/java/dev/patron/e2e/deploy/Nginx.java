package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.engines.Certificate;
import dev.patron.engines.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real nginx with the files of {@code deploy}, where only names, ports and paths are others, inside a configuration
 * that means Patron no good: it keeps every answer it gets hold of, and has pages of its own for errors.
 */
final class Nginx implements AutoCloseable {

    private static final int MOST_LOOKS = 600;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    private final WebServer process;
    private final Path folder;
    private final int port;
    private final int plainPort;

    private Nginx(Process process, Path folder, int port, int plainPort) {
        this.process = new WebServer(process, this::files);
        this.folder = folder;
        this.port = port;
        this.plainPort = plainPort;
    }

    /** Runs it in a folder of its own, in front of two nodes. */
    static Nginx start(Path folder, Certificate certificate, int shop, int node, int otherNode) {
        int port = FreePort.find();
        int plainPort = FreePort.find();
        Map<String, String> own = new LinkedHashMap<>();
        own.put("listen 80;", "listen 127.0.0.1:" + plainPort + ";");
        own.put("listen 443 ssl http2;", "listen 127.0.0.1:" + port + " ssl http2;");
        own.put("shop.example", "localhost");
        own.put("/etc/nginx/tls/fullchain.pem", certificate.chain().toString());
        own.put("/etc/nginx/tls/privkey.pem", certificate.key().toString());
        own.put("patron-1:8080", "127.0.0.1:" + node);
        own.put("patron-2:8080", "127.0.0.1:" + otherNode);
        own.put("server shop:3000", "server 127.0.0.1:" + shop);
        own.put(
                "/etc/nginx/nginx-patron.conf",
                folder.resolve("nginx-patron.conf").toString());
        try {
            Files.writeString(folder.resolve("patron.conf"), replaced("nginx.conf", own));
            Files.writeString(
                    folder.resolve("nginx-patron.conf"),
                    replaced("nginx-patron.conf", Map.of("/var/log/nginx", folder.toString())));
            Files.writeString(folder.resolve("nginx.conf"), surroundings(folder));
            List<String> command = List.of(
                    Program.require("nginx").toString(),
                    "-p",
                    folder.toString(),
                    "-e",
                    folder.resolve("error.log").toString(),
                    "-c",
                    folder.resolve("nginx.conf").toString());
            List<String> check = new ArrayList<>(command);
            check.add("-t");
            String checked = Program.run(check);
            assertThat(checked.replaceAll("(?m)^nginx: (the configuration|configuration) file.*$", "")
                            .strip())
                    .as("warnings of nginx")
                    .isEmpty();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start();
            Nginx nginx = new Nginx(process, folder, port, plainPort);
            nginx.process.awaitReady(port);
            return nginx;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    URI https() {
        return URI.create("https://localhost:" + port);
    }

    URI http() {
        return URI.create("http://localhost:" + plainPort);
    }

    /** Everything that it has written: logs, and what it keeps. */
    String files() {
        try (Stream<Path> files = Files.walk(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return all.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The same, once a text is in it: nginx writes its log after the answer. */
    String filesWith(String text) {
        for (int i = 0; i < MOST_LOOKS && !files().contains(text); i++) {
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
        return files();
    }

    @Override
    public void close() {
        process.close();
    }

    private static String replaced(String file, Map<String, String> own) throws IOException {
        String text = Files.readString(Root.PATH.resolve("deploy").resolve(file));
        for (Map.Entry<String, String> entry : own.entrySet()) {
            assertThat(text).as(file).contains(entry.getKey());
            text = text.replace(entry.getKey(), entry.getValue());
        }
        return text;
    }

    private static String surroundings(Path folder) {
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        return """
                %2$s
                daemon off;
                worker_processes 1;
                pid %1$s/pid;
                error_log %1$s/error.log info;
                events { worker_connections 256; }
                http {
                    access_log %1$s/access.log combined;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;

                    proxy_cache_path %1$s/kept keys_zone=kept:1m;
                    proxy_cache kept;
                    proxy_cache_key $uri;
                    proxy_cache_valid any 1h;
                    proxy_cache_methods GET HEAD POST;
                    proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;
                    proxy_hide_header Cache-Control;
                    proxy_hide_header Set-Cookie;
                    proxy_cookie_path / /elsewhere;
                    expires 1h;
                    add_header Cache-Control public;
                    add_header X-Of-The-Shop yes always;
                    proxy_intercept_errors on;
                    error_page 403 404 503 /sorry;
                    gzip on;
                    gzip_types *;

                    include %1$s/patron.conf;
                }
                """.formatted(folder, user);
    }
}
