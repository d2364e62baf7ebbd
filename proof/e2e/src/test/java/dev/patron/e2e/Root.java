package dev.patron.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tree under test lies, and what the build has made in it. */
public final class Root {

    /** The repository's root. */
    public static final Path PATH = Path.of(System.getProperty("patron.root", "../.."));

    private Root() {}

    /** The jar that starts a server without a storefront of its own. */
    public static Path serverJar() {
        return built("server/patron/target/patron-server.jar");
    }

    /** The jar that starts the sandbox. */
    public static Path sandboxJar() {
        return built("sandbox/target/patron-sandbox.jar");
    }

    /** The jar that starts the sample app. */
    public static Path sampleJar() {
        return built("sample/target/patron-sample.jar");
    }

    private static Path built(String jar) {
        Path path = PATH.resolve(jar);
        if (!Files.exists(path)) {
            throw new IllegalStateException(jar + " has not been built. Run these tests with ./test or mvn verify.");
        }
        return path;
    }
}
