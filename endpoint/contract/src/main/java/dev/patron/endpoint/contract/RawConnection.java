package dev.patron.endpoint.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A TCP connection to a listener, over which any bytes can be sent, HTTP or not. */
public final class RawConnection implements AutoCloseable {

    /** After so long without a byte a test has failed. */
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a port of this machine. */
    public static RawConnection to(int port) throws IOException {
        return from("127.0.0.1", port);
    }

    /** Connects from an address of this machine. */
    public static RawConnection from(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getAllByName(address)[0], 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getAllByName("127.0.0.1")[0], port), PATIENCE_MILLIS);
        return new RawConnection(socket);
    }

    /** Sends text, each character as one byte. */
    public RawConnection send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends text for as long as the server takes it. */
    public RawConnection sendWhileOpen(String latin1) {
        try {
            return send(latin1);
        } catch (IOException closed) {
            return this;
        }
    }

    /** Says that nothing more is sent. */
    public RawConnection finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads a response to anything but {@code HEAD}. */
    public Answer read() throws IOException {
        return read(true);
    }

    /** Reads a response. */
    public Answer read(boolean withBody) throws IOException {
        String statusLine = line();
        if (!statusLine.matches("HTTP/1\\.1 \\d{3} .*")) {
            throw new AssertionError("Not a status line: " + statusLine);
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Answer head = new Answer(status, List.copyOf(headers), "");
        if (!withBody || status == 304 || status == 204) {
            return head;
        }
        Optional<String> length = head.header("Content-Length");
        byte[] body;
        if (length.isPresent()) {
            body = in.readNBytes(Integer.parseInt(length.get()));
        } else if (head.header("Transfer-Encoding").equals(Optional.of("chunked"))) {
            body = chunks();
        } else {
            throw new AssertionError("The answer has no length: " + head);
        }
        return new Answer(status, head.headers(), new String(body, StandardCharsets.UTF_8));
    }

    /** All chunks, to the last one, which has no bytes. */
    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            assertEnd();
        }
        assertEnd();
        return body.toByteArray();
    }

    private void assertEnd() throws IOException {
        if (!line().isEmpty()) {
            throw new AssertionError("A chunk is longer than it says");
        }
    }

    /** Whether the server closes the connection without sending anything more. */
    public boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Whether nothing arrives for a moment, with the connection open. */
    public boolean isSilent() throws IOException {
        socket.setSoTimeout(300);
        in.mark(1);
        try {
            if (in.read() >= 0) {
                in.reset();
            }
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The connection was closed after: " + line.toString(StandardCharsets.US_ASCII));
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
