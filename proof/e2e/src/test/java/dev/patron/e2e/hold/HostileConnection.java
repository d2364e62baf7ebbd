package dev.patron.e2e.hold;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection from one of the addresses of this machine, on which anything can be sent and nothing has to be read. */
final class HostileConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int SMALL_WINDOW = 1024;

    private final Socket socket = new Socket();

    /** Connects from {@code 127.0.0.host}. */
    HostileConnection(int host, int port) throws IOException {
        socket.setReceiveBufferSize(SMALL_WINDOW);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + host), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
    }

    /** Sends text, for as long as the server takes it. */
    void send(String latin1) {
        try {
            socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException closed) {
            // The server has had enough.
        }
    }

    /** The status of the answer to a request; 0 when there is none. */
    int status() {
        try {
            InputStream in = socket.getInputStream();
            String start = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.ISO_8859_1);
            return start.startsWith("HTTP/1.1 ") ? Integer.parseInt(start.substring(9)) : 0;
        } catch (IOException closed) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
