package dev.patron.e2e.browser;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Scripts that the tests put into pages. */
final class Resources {

    private Resources() {}

    /** A file beside these classes. */
    static String own(String name) {
        return read("/dev/patron/e2e/browser/" + name);
    }

    /** A file of a library that comes as a WebJar. */
    static String webJar(String path) {
        return read("/META-INF/resources/webjars/" + path);
    }

    private static String read(String path) {
        try (InputStream stream = Resources.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new FileNotFoundException(path);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
