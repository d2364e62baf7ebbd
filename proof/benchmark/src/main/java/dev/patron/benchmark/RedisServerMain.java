package dev.patron.benchmark;

import dev.patron.engines.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A Redis server to measure with, which writes each change to its disk before it answers. Argument: a folder, which gets a
 * file {@code server}, the lines of a shell that name it to Patron.
 */
public final class RedisServerMain {

    private RedisServerMain() {}

    /** Starts it, and waits to be killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always")) {
            Files.writeString(folder.resolve("server"), "export PATRON_SESSIONS_URL=" + server.url() + "\n");
            Files.writeString(folder.resolve("ready"), "");
            new CountDownLatch(1).await();
        }
    }
}
