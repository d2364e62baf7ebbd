package dev.patron.e2e.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The browser on this machine. Nothing is downloaded, and no test is skipped for want of it. */
final class Chromium {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private Chromium() {}

    /** Its program. */
    static Path find() {
        String chosen = System.getenv("PATRON_CHROMIUM");
        if (chosen != null && !chosen.isEmpty()) {
            return Path.of(chosen);
        }
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The browser tests need Chromium, and there is none on the PATH. Install it (on Debian, as root:"
                                + " apt-get install chromium), or point PATRON_CHROMIUM to its program."));
    }

    /** How it is started: it talks to nobody but the page under test. */
    static List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
        if ("root".equals(System.getProperty("user.name"))) {
            // Its own sandbox cannot be had as root.
            arguments.add("--no-sandbox");
        }
        return arguments;
    }
}
