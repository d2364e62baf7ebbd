package dev.patron.server.http;

import dev.patron.server.options.ClientNetwork;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of a client. It hands the HTTP library only what has passed {@link RequestFraming}, and knows in which
 * phase of a request it is. {@link Connections} may close it at any time, from another thread.
 */
final class ClientConnection implements ServerConnection, InterruptableTask<Void> {

    /** What is going on at a connection. */
    enum Phase {
        /** Nothing has come from it yet. */
        SILENT,
        /** A request has begun, and is not complete. */
        RECEIVING,
        /** A request is being answered. */
        ANSWERING,
        /** The answer is there, and its client is to take it. */
        SENDING,
        /** The last request is answered; a further one has not begun. */
        IDLE,
        /** It has ended, or was closed by the server. */
        CLOSED
    }

    private static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

    private final ConnectionContext context;
    private final Connections connections;
    private final RequestFraming framing;
    private final InetAddress address;
    private final ClientNetwork network;
    private final ServerConnection http;
    // Its own thread leads it from phase to phase; any thread may close it in the phase that it has seen.
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.SILENT);
    private volatile long since;
    private boolean closesAfterAnswer;

    /**
     * A connection that has just been opened.
     *
     * @throws CloseConnectionException when its client is gone already
     */
    ClientConnection(
            ConnectionContext context, Connections connections, Http1ConnectionSelector http, RequestFraming framing) {
        this.context = context;
        this.connections = connections;
        this.framing = framing;
        // Later on, a socket that was closed does not tell it any more.
        if (!(context.remotePeer().address() instanceof InetSocketAddress peer)) {
            throw new CloseConnectionException("The client is gone");
        }
        this.address = peer.getAddress();
        this.network = ClientNetwork.of(address);
        this.since = connections.now();
        this.http = http.connection(new CheckedContext(context, DataReader.create(this::receive)));
    }

    /** The connection whose request this thread answers. */
    static ClientConnection current() {
        return CURRENT.get();
    }

    InetAddress address() {
        return address;
    }

    ClientNetwork network() {
        return network;
    }

    Phase phase() {
        return phase.get();
    }

    /** When the phase began, or the client was last seen to take a part of its answer, as {@link Connections#now} counts. */
    long since() {
        return since;
    }

    /** The answer is there: from now on it is for the client to take it. */
    void sending() {
        enter(Phase.SENDING);
    }

    /** Nothing more is read after the request that is being answered, not even the rest of its body. */
    void readNoFurtherRequest() {
        closesAfterAnswer = true;
    }

    /** The client has taken a part of its answer: it has as long again for the next one. */
    void progress() {
        since = connections.now();
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        if (!connections.admit(this)) {
            throw new CloseConnectionException("There is no room for another connection");
        }
        try {
            ScopedValue.where(CURRENT, this).call(() -> {
                http.handle(limit);
                return true;
            });
        } finally {
            left(phase.getAndSet(Phase.CLOSED));
            connections.remove(this);
        }
    }

    @Override
    public boolean canInterrupt() {
        return phase() == Phase.SILENT || phase() == Phase.IDLE;
    }

    @Override
    public Duration idleTime() {
        return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        http.close(interrupt);
    }

    /** Closes the connection unless it has left a phase: whatever waits for it fails. False when it has left it. */
    boolean closeDuring(Phase seen) {
        if (!phase.compareAndSet(seen, Phase.CLOSED)) {
            return false;
        }
        left(seen);
        try {
            context.serverSocket().close();
        } catch (UncheckedIOException gone) {
            // The client was faster.
        }
        return true;
    }

    /** The next bytes that the HTTP library may see; null at the end of the stream. */
    private byte @Nullable [] receive() {
        while (!closesAfterAnswer && !framing.isOver()) {
            byte[] next = framing.next();
            if (next != null) {
                enter(framing.isComplete() ? Phase.ANSWERING : Phase.RECEIVING);
                return next;
            }
            if (!framing.isBetweenRequests()) {
                enter(Phase.RECEIVING);
            } else if (phase() != Phase.SILENT) {
                enter(Phase.IDLE);
            }
            DataReader source = context.dataReader();
            try {
                source.ensureAvailable();
                framing.receive(source.readBytes(source.available()));
            } catch (DataReader.InsufficientDataAvailableException end) {
                return null;
            }
        }
        return null;
    }

    private void enter(Phase next) {
        Phase last = phase();
        if (next == last) {
            return;
        }
        since = connections.now();
        if (last == Phase.CLOSED || !phase.compareAndSet(last, next)) {
            throw new CloseConnectionException("The server has closed the connection");
        }
        left(last);
        if (next == Phase.RECEIVING) {
            connections.beginsRequest();
        }
    }

    private void left(Phase last) {
        if (last == Phase.RECEIVING) {
            connections.endsRequest();
        }
    }

    /** What the HTTP library sees of the connection: checked bytes, and an address that stays known. */
    private record CheckedContext(ConnectionContext context, DataReader dataReader, PeerInfo remotePeer)
            implements ConnectionContext {

        CheckedContext(ConnectionContext context, DataReader dataReader) {
            this(context, dataReader, context.remotePeer());
        }

        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return context.dataWriter();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
