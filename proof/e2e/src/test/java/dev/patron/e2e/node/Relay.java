package dev.patron.e2e.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A stretch of network that can be cut: bytes are then neither taken nor brought, and no connection breaks. */
final class Relay implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final ReentrantReadWriteLock wire = new ReentrantReadWriteLock();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private Relay(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    /** A relay to a port of this machine. */
    static Relay to(int port) {
        try {
            Relay relay = new Relay(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), port);
            var _ = Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Cuts it. To be mended by the thread that cut it. */
    void cut() {
        wire.writeLock().lock();
    }

    void mend() {
        wire.writeLock().unlock();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void accept() {
        try {
            while (true) {
                connect(listening.accept());
            }
        } catch (IOException closed) {
            // There is nobody to relay for any more.
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(server);
            var _ = Thread.ofVirtual().start(() -> copy(client, server));
            var _ = Thread.ofVirtual().start(() -> copy(server, client));
        } catch (ConnectException nobodyThere) {
            client.close();
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                wire.readLock().lock();
                try {
                    out.write(buffer, 0, read);
                } finally {
                    wire.readLock().unlock();
                }
            }
        } catch (IOException broken) {
            // Both ends learn of it by the closing.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }
}
