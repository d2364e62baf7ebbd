package dev.patron.e2e.node;

import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Customers who sign in at one node, ask for tokens at any, and sign out at another, without a pause, until it is closed;
 * and what they were told that they must not be told.
 */
final class Load implements AutoCloseable {

    private static final int CUSTOMERS = 50;
    private static final int AT_ONCE = 6;
    private static final String PASSWORD = "correct horse battery";
    private static final int PATIENCE_SECONDS = 60;

    /** Sessions are spread over the servers that keep them: so many in a row are at each of them. */
    private static final int NORMAL_IN_A_ROW = 30;

    /** Signed in as acknowledged. */
    private final Map<String, Boolean> begun = new ConcurrentHashMap<>();

    /** Signed out as acknowledged. */
    private final Map<String, Boolean> ended = new ConcurrentHashMap<>();

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unavailable = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final List<Node> nodes;
    private final String clientId;
    private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    private volatile boolean stopped;
    private String lastProbe = "nothing was asked";

    private Load(List<Node> nodes, String clientId) {
        this.nodes = new CopyOnWriteArrayList<>(nodes);
        this.clientId = clientId;
    }

    /** Makes the customers, unless they are there, and lets them begin. */
    static Load start(List<Node> nodes, String clientId) throws IOException {
        Load load = new Load(nodes, clientId);
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            nodes.getFirst().client().signUp(email(customer), PASSWORD);
        }
        for (int worker = 0; worker < AT_ONCE; worker++) {
            Random chance = new Random(worker);
            load.workers.execute(() -> {
                while (!load.stopped) {
                    load.visit(chance);
                }
            });
        }
        try {
            load.awaitTokens();
            return load;
        } catch (AssertionError never) {
            load.close();
            throw never;
        }
    }

    /** Takes a node out of use, or puts one into its place. */
    void replace(Node old, Node fresh) {
        nodes.set(nodes.indexOf(old), fresh);
    }

    /** Waits until many more requests for a token were answered with one. */
    void awaitTokens() {
        await(answered::get, 100, "tokens");
    }

    /** Waits until many more requests were told to come again. */
    void awaitUnavailable() {
        await(unavailable::get, 20, "answers 503");
    }

    /** How many milliseconds it takes until every node signs customers in and gives them tokens, time after time. */
    long millisUntilNormal() {
        long began = System.nanoTime();
        for (Node node : nodes) {
            int normal = 0;
            while (normal < NORMAL_IN_A_ROW) {
                if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    throw new AssertionError("Not back to normal after " + PATIENCE_SECONDS + " s, but " + lastProbe
                            + "; " + this + "\n" + node.server().output());
                }
                normal = isNormal(node) ? normal + 1 : 0;
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** Requests that were told to come again. */
    long unavailable() {
        return unavailable.get();
    }

    /** Requests whose connection broke, or was refused. */
    long broken() {
        return broken.get();
    }

    /** What the customers were told that they must not be told, each node asked again for each session. */
    List<String> violations() throws IOException {
        stop();
        for (Node node : nodes) {
            for (String session : begun.keySet()) {
                expect(node, session, 200, "a session that was begun has got lost");
            }
            for (String session : ended.keySet()) {
                expect(node, session, 404, "a session that was ended is back");
            }
        }
        return new ArrayList<>(violations);
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return answered + " tokens, " + unavailable + " times 503, " + broken + " connections broken, " + begun.size()
                + " sessions begun and " + ended.size() + " ended as acknowledged";
    }

    private void visit(Random chance) {
        HttpResponse<String> signedIn =
                send(() -> pick(chance).client().signIn(email(chance.nextInt(CUSTOMERS)), PASSWORD), 302, "signing in");
        if (signedIn == null) {
            return;
        }
        String session = ShopClient.session(signedIn).orElseThrow();
        begun.put(session, true);
        for (int request = 0; request < 3; request++) {
            if (send(() -> pick(chance).client().currentJwt(session, clientId), 200, "a token while signed in")
                    != null) {
                answered.incrementAndGet();
            }
        }
        if (chance.nextBoolean()) {
            // From here on either is right, until it is acknowledged.
            begun.remove(session);
            if (send(() -> pick(chance).client().signOut(session), 302, "signing out") != null) {
                ended.put(session, true);
                var _ = send(() -> pick(chance).client().currentJwt(session, clientId), 404, "a token once signed out");
            }
        }
    }

    private interface Request {
        HttpResponse<String> send() throws IOException;
    }

    /** The answer, if it is the right one; null for 503 and broken connections. */
    private @Nullable HttpResponse<String> send(Request request, int right, String what) {
        try {
            HttpResponse<String> answer = request.send();
            if (answer.statusCode() == right) {
                return answer;
            }
            if (answer.statusCode() == 503) {
                unavailable.incrementAndGet();
            } else {
                violations.add(what + " was answered " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException gone) {
            if (!stopped) {
                broken.incrementAndGet();
            }
        }
        return null;
    }

    private void expect(Node node, String session, int status, String otherwise) throws IOException {
        HttpResponse<String> answer = node.client().currentJwt(session, clientId);
        if (answer.statusCode() != status) {
            violations.add(otherwise + ": " + answer.statusCode());
        }
    }

    private boolean isNormal(Node node) {
        try {
            HttpResponse<String> signedIn = node.client().signIn(email(0), PASSWORD);
            lastProbe = "signing in is answered " + signedIn.statusCode();
            return signedIn.statusCode() == 302
                    && node.client()
                                    .currentJwt(ShopClient.session(signedIn).orElseThrow(), clientId)
                                    .statusCode()
                            == 200;
        } catch (IOException notYet) {
            lastProbe = notYet.toString();
            return false;
        }
    }

    private void await(LongSupplier count, int more, String what) {
        long enough = count.getAsLong() + more;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (count.getAsLong() < enough) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("No more " + what + " after " + PATIENCE_SECONDS + " s: " + this + "\n"
                        + nodes.getFirst().server().output());
            }
            pause(10);
        }
    }

    /** Lets some time go by: the pause is the experiment, not a wait for anything. */
    static void pause(long millis) {
        try {
            var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", stopping);
        }
    }

    private Node pick(Random chance) {
        return nodes.get(chance.nextInt(nodes.size()));
    }

    private void stop() {
        stopped = true;
        workers.close();
    }

    private static String email(int customer) {
        return "load" + customer + "@example.com";
    }
}
