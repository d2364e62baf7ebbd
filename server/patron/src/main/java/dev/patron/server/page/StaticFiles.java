package dev.patron.server.page;

import dev.patron.server.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Files that ship with the program: the same for everybody, so caches may keep them for a while. */
public final class StaticFiles {

    static final String SCRIPT = "text/javascript; charset=utf-8";

    private StaticFiles() {}

    /**
     * A handler that answers with a file beside a class.
     *
     * @param beside the class in whose package the file lies
     * @param name the file's name, with a known ending
     */
    public static Handler of(Class<?> beside, String name) {
        return of(read(beside, name), type(name));
    }

    /** A handler that answers with bytes that stay the same while the server runs. */
    public static Handler of(byte[] content, String type) {
        return of(content, type, "public, max-age=300");
    }

    /** A handler for a path that will never have other bytes. */
    static Handler forever(byte[] content, String type) {
        return of(content, type, "public, max-age=31536000, immutable");
    }

    private static Handler of(byte[] content, String type, String caching) {
        String tag = '"' + fingerprint(content) + '"';
        return exchange -> {
            exchange.with("Cache-Control", caching)
                    .with("Vary", "Accept-Encoding")
                    .with("ETag", tag);
            if (exchange.header("If-None-Match").filter(tag::equals).isPresent()) {
                exchange.send(304);
            } else {
                exchange.send(200, type, content);
            }
        };
    }

    static byte[] read(Class<?> beside, String name) {
        try (InputStream stream = beside.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("There is no file " + name + " beside " + beside.getName());
            }
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css; charset=utf-8";
            case "js", "mjs" -> SCRIPT;
            case "svg" -> "image/svg+xml";
            case "yaml" -> "application/yaml";
            default -> throw new IllegalArgumentException("No content type is known for " + name);
        };
    }

    private static String fingerprint(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 12);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
