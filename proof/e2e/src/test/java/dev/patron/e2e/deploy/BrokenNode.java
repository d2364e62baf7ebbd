package dev.patron.e2e.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A node that takes requests and breaks the connection instead of answering; or one that is not there at all. */
final class BrokenNode implements AutoCloseable {

    private final AutoCloseable socket;
    private final int port;
    private final AtomicInteger taken = new AtomicInteger();

    private BrokenNode(AutoCloseable socket, int port) {
        this.socket = socket;
        this.port = port;
    }

    /** A port where nobody listens, and nobody else will. */
    static BrokenNode absent() {
        try {
            Socket held = new Socket();
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new BrokenNode(held, held.getLocalPort());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A node that reads requests and hangs up. */
    static BrokenNode hangingUp() {
        try {
            ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            BrokenNode node = new BrokenNode(listening, listening.getLocalPort());
            var _ = Thread.ofVirtual().start(() -> node.hangUp(listening));
            return node;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return port;
    }

    /** Requests that it has taken. */
    int taken() {
        return taken.get();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void hangUp(ServerSocket listening) {
        try {
            while (true) {
                try (Socket client = listening.accept()) {
                    if (client.getInputStream().read() >= 0) {
                        taken.incrementAndGet();
                    }
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }
}
