package dev.patron.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What the merchant has put below each shop page: the file {@code storefront/footer.html} in the data folder, as it
 * stands. It is read for each page, so that a change shows at the next reload.
 */
final class FooterScript {

    private final Path file;

    FooterScript(Path data) {
        this.file = data.resolve("storefront").resolve("footer.html");
    }

    /** The file's content, or nothing when there is no such file. */
    String html() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException none) {
            return "";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
