package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The process of a web server that listens to a port. Its workers end with it. */
final class WebServer implements AutoCloseable {

    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final Supplier<String> log;

    /** A process that has been started, and what it has logged. */
    WebServer(Process process, Supplier<String> log) {
        this.process = process;
        this.log = log;
    }

    /** Waits until it listens. */
    void awaitReady(int port) {
        for (int tries = 0; tries < 500; tries++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException notYet) {
                if (endsWithin(20, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("It has ended:\n" + log.get());
                }
            }
        }
        close();
        throw new AssertionError("It does not listen:\n" + log.get());
    }

    @Override
    public void close() {
        process.destroy();
        if (!endsWithin(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private boolean endsWithin(long time, TimeUnit unit) {
        try {
            return process.waitFor(time, unit);
        } catch (InterruptedException stopping) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", stopping);
        }
    }
}
