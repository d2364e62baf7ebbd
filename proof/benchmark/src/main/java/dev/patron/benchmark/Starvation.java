package dev.patron.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long one customer waits for a token while other clients sign in without pause.
 *
 * <p>Tokens are asked for at a fixed rate, by turns on a few connections; the time of each counts from when it was due, so that
 * an answer that is late does not hide those behind it. It uses sockets and little else, since it shares the processors with
 * the server.
 *
 * <p>Arguments: port, client id, e-mail addresses of the customer and of the others, password, seconds for each row, numbers of clients to sign in. Prints a row for each
 * number: clients, sign-ins a second, other answers a second, and of the tokens p50, p99, the slowest, and how many failed.
 */
public final class Starvation {

    private static final int RATE = 100;
    private static final int CONNECTIONS = 8;

    /** Where the customer asks from who waits for tokens. */
    private static final String WAITING = "127.0.0.1";

    private final int port;
    private final String tokenRequest;
    private final String signInRequest;

    private Starvation(int port, String clientId, String customer, String others, String password) throws IOException {
        this.port = port;
        this.signInRequest = signIn(others, password);
        try (Connection connection = new Connection(port, WAITING)) {
            Answer signedIn = connection.ask(signIn(customer, password));
            if (signedIn.status() != 302) {
                throw new IOException("Signing in was answered " + signedIn.status());
            }
            this.tokenRequest = "GET /customer/current.jwt?app_client_id=" + clientId + " HTTP/1.1\r\nHost: localhost:"
                    + port + "\r\nCookie: " + signedIn.cookie() + "\r\n\r\n";
        }
    }

    private String signIn(String email, String password) {
        String form = "login_email=" + email + "&login_pass=" + password;
        return "POST /login.php?action=check_login HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nOrigin: http://localhost:" + port
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length() + "\r\n\r\n"
                + form;
    }

    private record Answer(int status, String cookie) {}

    /** A connection that is kept alive. */
    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        /** Connects from an address of this machine: each client has one of its own. */
        Connection(int port, String from) throws IOException {
            socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        Answer ask(String request) throws IOException {
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            int status = Integer.parseInt(line().substring(9, 12));
            int length = 0;
            String cookie = "";
            for (String line = line(); !line.isEmpty(); line = line()) {
                String lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                } else if (lower.startsWith("set-cookie: shop_session_token=")) {
                    cookie = line.substring(12, line.indexOf(';'));
                }
            }
            in.skipNBytes(length);
            return new Answer(status, cookie);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("The server has closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What was measured of tokens: nanoseconds, and how many were not answered with one. */
    private static final class Tokens {
        private final long[] nanos;
        private final long failed;

        Tokens(long[] nanos, long failed) {
            this.nanos = nanos;
            this.failed = failed;
        }

        long failed() {
            return failed;
        }

        double millis(double share) {
            return nanos[(int) Math.min(nanos.length - 1, Math.floor(nanos.length * share))] / 1e6;
        }
    }

    private Tokens tokens(int seconds) throws InterruptedException {
        int each = RATE * seconds / CONNECTIONS;
        long[] nanos = new long[each * CONNECTIONS];
        AtomicLong failed = new AtomicLong();
        long began = System.nanoTime() + 100_000_000;
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < CONNECTIONS; c++) {
            int number = c;
            threads.add(Thread.ofPlatform().start(() -> {
                Connection connection = null;
                for (int i = 0; i < each; i++) {
                    int request = i * CONNECTIONS + number;
                    long due = began + request * 1_000_000_000L / RATE;
                    for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                        LockSupport.parkNanos(early);
                    }
                    try {
                        connection = connection == null ? new Connection(port, WAITING) : connection;
                        if (connection.ask(tokenRequest).status() != 200) {
                            failed.incrementAndGet();
                        }
                    } catch (IOException broken) {
                        failed.incrementAndGet();
                        connection = null;
                    }
                    nanos[request] = System.nanoTime() - due;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Arrays.sort(nanos);
        return new Tokens(nanos, failed.get());
    }

    private String measured(int clients, int seconds) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicLong signIns = new AtomicLong();
        AtomicLong others = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            String from = "127.0.1." + (1 + i);
            threads.add(Thread.ofPlatform().start(() -> {
                while (!stopped.get()) {
                    try (Connection connection = new Connection(port, from)) {
                        while (!stopped.get()) {
                            (connection.ask(signInRequest).status() == 302 ? signIns : others).incrementAndGet();
                        }
                    } catch (IOException broken) {
                        others.incrementAndGet();
                    }
                }
            }));
        }
        Thread.sleep(1_000);
        signIns.set(0);
        others.set(0);
        long began = System.nanoTime();
        Tokens tokens = tokens(seconds);
        double took = (System.nanoTime() - began) / 1e9;
        double signInRate = signIns.get() / took;
        double otherRate = others.get() / took;
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        return String.format(
                Locale.ROOT,
                "%7d %11.1f %9.1f %9.1f %9.1f %9.1f %7d",
                clients,
                signInRate,
                otherRate,
                tokens.millis(0.5),
                tokens.millis(0.99),
                tokens.millis(1),
                tokens.failed());
    }

    /** Measures. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Starvation starvation =
                new Starvation(Integer.parseInt(arguments[0]), arguments[1], arguments[2], arguments[3], arguments[4]);
        int seconds = Integer.parseInt(arguments[5]);
        // Code that is not compiled yet would count as waiting.
        var _ = starvation.tokens(seconds);
        var _ = starvation.measured(1, seconds);
        System.out.println("clients  sign-ins/s   other/s    p50 ms    p99 ms    max ms  failed");
        for (int i = 6; i < arguments.length; i++) {
            System.out.println(starvation.measured(Integer.parseInt(arguments[i]), seconds));
        }
    }
}
