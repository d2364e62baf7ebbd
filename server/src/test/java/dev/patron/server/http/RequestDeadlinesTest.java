package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.webserver.ConnectionContext;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time is what was counted: how long the clock, or the machine, says that it took is nothing to them. */
class RequestDeadlinesTest {

    private static final String ID = "connection";
    private static final HttpPrologue PROLOGUE = HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.GET, "/", false);

    private final RequestDeadlines deadlines =
            new RequestDeadlines(RequestDeadlines.INTERVAL.multipliedBy(2).plus(Duration.ofMillis(1)));

    private ServerSocket listening;
    private Socket socket;

    @BeforeEach
    void connect() throws IOException {
        listening = new ServerSocket(0);
        socket = new Socket(listening.getInetAddress(), listening.getLocalPort());
    }

    @AfterEach
    void disconnect() throws IOException {
        socket.close();
        listening.close();
    }

    @Test
    void connection_isClosed_oneCallAfterItsLimit() {
        deadlines.prologue(connection(), PROLOGUE);
        enforce(3);
        assertThat(socket.isClosed()).isFalse();

        deadlines.enforce();

        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void received_givesAsLongAgain() {
        deadlines.prologue(connection(), PROLOGUE);
        enforce(3);
        deadlines.received(ID);
        enforce(3);
        assertThat(socket.isClosed()).isFalse();

        deadlines.enforce();

        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void finished_isForgotten() {
        deadlines.prologue(connection(), PROLOGUE);
        deadlines.finished(ID);

        enforce(10);

        assertThat(socket.isClosed()).isFalse();
    }

    private void enforce(int times) {
        for (int i = 0; i < times; i++) {
            deadlines.enforce();
        }
    }

    private ConnectionContext connection() {
        return (ConnectionContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConnectionContext.class},
                (_, method, _) -> switch (method.getName()) {
                    case "childSocketId" -> ID;
                    case "serverSocket" -> closing();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Object closing() {
        return Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HelidonSocket.class}, (_, method, _) -> {
                    if (method.getName().equals("close")) {
                        socket.close();
                    }
                    return null;
                });
    }
}
