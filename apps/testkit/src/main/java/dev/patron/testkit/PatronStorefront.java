package dev.patron.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patron.endpoint.CurrentCustomerEndpoint;
import dev.patron.endpoint.EndpointAnswer;
import dev.patron.endpoint.EndpointRequest;
import dev.patron.endpoint.FormFields;
import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.Storefront;
import dev.patron.endpoint.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A store in the test's own process: its endpoint {@code /customer/current.jwt} on a free port of this machine, with customers to sign in,
 * which answers as Patron does, status by status. Start it, or register it as an extension of JUnit, or let {@link PatronTest} do that.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PatronStorefront STORE = PatronStorefront.builder().build();
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class PatronStorefront implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    /** The password of every customer, for the form. */
    public static final String PASSWORD = "patron-test";

    private static final String HTML = "text/html; charset=utf-8";
    private static final String COOKIE = "SHOP_SESSION_TOKEN";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TestApp app;
    private final String storeHash;
    private final MutableClock clock;
    private final Map<String, Tokens> apps = new ConcurrentHashMap<>();
    private final Map<String, TestCustomer> customers = new ConcurrentHashMap<>();
    private final Map<String, TestCustomer> sessions = new ConcurrentHashMap<>();
    private final Set<AllowedOrigin> allowedOrigins;
    private final CurrentCustomerEndpoint endpoint = new CurrentCustomerEndpoint(new Store());
    private final Deque<Fault> faults = new ArrayDeque<>();
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    private PatronStorefront(Builder builder) {
        this.app = builder.apps.get(0);
        this.storeHash = builder.storeHash;
        this.clock = builder.clock;
        this.allowedOrigins = Set.copyOf(builder.allowedOrigins);
        builder.apps.forEach(each -> apps.put(each.clientId(), new Tokens(each, storeHash, clock)));
        builder.customers.forEach(each -> customers.put(each.email(), each));
    }

    /**
     * Begins a store: {@code abc123}, with one app of random id and secret, and {@link TestCustomer#DEFAULT}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Opens the port.
     *
     * @return this store
     */
    public PatronStorefront start() {
        try {
            HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService pool = Executors.newCachedThreadPool(work -> {
                Thread thread = new Thread(work, "patron-storefront");
                thread.setDaemon(true);
                return thread;
            });
            opened.setExecutor(pool);
            opened.createContext("/", this::answer);
            opened.start();
            server = opened;
            threads = pool;
            return this;
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
    }

    @Override
    public void close() {
        clearFaults();
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /**
     * Its origin.
     *
     * @return such as {@code http://localhost:34567}
     */
    public URI url() {
        if (server == null) {
            throw new IllegalStateException(
                    "The store has not been started: call start(), or register it as an extension.");
        }
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /**
     * Where tokens are asked for.
     *
     * @return the endpoint with the app's client id
     */
    public URI endpoint() {
        return url().resolve(CurrentCustomerEndpoint.PATH + "?app_client_id=" + app.clientId());
    }

    /**
     * The app under test.
     *
     * @return the first one of the builder
     */
    public TestApp app() {
        return app;
    }

    /**
     * The store.
     *
     * @return its hash
     */
    public String storeHash() {
        return storeHash;
    }

    /**
     * The time of the store, for your verifier to share.
     *
     * @return a clock that tests set
     */
    public MutableClock clock() {
        return clock;
    }

    /**
     * Tokens for the app under test, good ones and broken ones.
     *
     * @return the maker of tokens
     */
    public Tokens tokens() {
        return new Tokens(app, storeHash, clock);
    }

    /**
     * Signs a customer in.
     *
     * @param customer one of the store's, or another, who becomes one
     * @return what a browser would send as {@code Cookie}
     */
    public String signIn(TestCustomer customer) {
        customers.put(customer.email(), customer);
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        String session = HexFormat.of().formatHex(bits);
        sessions.put(session, customer);
        return COOKIE + "=" + session;
    }

    /**
     * Ends a session.
     *
     * @param cookie what {@link #signIn} gave
     */
    public void signOut(String cookie) {
        session(cookie).ifPresent(sessions::remove);
    }

    /**
     * Has the endpoint fail.
     *
     * @param fault how
     * @param requests for how many requests
     */
    public void fail(Fault fault, int requests) {
        synchronized (faults) {
            for (int i = 0; i < requests; i++) {
                faults.add(fault);
            }
        }
    }

    /** Lets the endpoint work again, and releases what is held back. */
    public void clearFaults() {
        synchronized (faults) {
            faults.forEach(Fault::release);
            faults.clear();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            EndpointRequest request = new Request(exchange);
            String path = request.target().split("\\?", 2)[0];
            if (path.equals("/login.php")) {
                answerLogin(exchange);
            } else if (!path.equals(CurrentCustomerEndpoint.PATH) || !faultHappened(exchange)) {
                send(exchange, endpoint.answer(request));
            }
        }
    }

    /**
     * An origin whose pages may ask for tokens.
     *
     * @param clientId of which app; null for all of them
     */
    private record AllowedOrigin(
            @Nullable String clientId, @Nullable String origin) {}

    /** A request, as the endpoint sees it. */
    private record Request(HttpExchange exchange) implements EndpointRequest {

        @Override
        public String method() {
            return exchange.getRequestMethod();
        }

        @Override
        public String target() {
            return exchange.getRequestURI().toString();
        }

        @Override
        public String authority() {
            return header("Host").orElse("");
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(exchange.getRequestHeaders().get(name))
                    .map(values -> String.join(name.equalsIgnoreCase("Cookie") ? "; " : ", ", values));
        }
    }

    /** The store, as the endpoint sees it: whatever host is asked, it is this one. */
    private final class Store implements Storefront {

        @Override
        public LookUp lookUp(EndpointRequest request, @Nullable String clientId, @Nullable String origin) {
            return new Found(
                    request.header("Cookie")
                            .flatMap(PatronStorefront::session)
                            .map(sessions::get)
                            .orElse(null),
                    clientId == null ? null : apps.get(clientId),
                    clientId != null && apps.containsKey(clientId) && mayAsk(clientId, origin));
        }

        private boolean mayAsk(String clientId, @Nullable String origin) {
            return allowedOrigins.contains(new AllowedOrigin(null, origin))
                    || allowedOrigins.contains(new AllowedOrigin(clientId, origin));
        }

        @Override
        public void refused(EndpointRequest request, @Nullable String clientId, Problem problem) {
            // Nobody reads what a store in a test writes down.
        }

        @Override
        public void unavailable(EndpointRequest request, @Nullable String clientId, UnavailableException cause) {
            throw new IllegalStateException("Memory is always there", cause);
        }
    }

    /** What the store knows of a request. */
    private record Found(
            @Nullable TestCustomer customer, @Nullable Tokens app, boolean originMayAsk) implements Storefront.LookUp {

        @Override
        public boolean isStoreKnown() {
            return true;
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public boolean isSignedIn() {
            return customer != null;
        }

        @Override
        public boolean isAppAllowed() {
            return app != null;
        }

        @Override
        public Outcome issue(boolean dryRun) {
            return new Outcome.Issued(Objects.requireNonNull(app).valid(Objects.requireNonNull(customer)));
        }
    }

    /** Has the next fault happen; false when there is none, or the request is to be answered all the same. */
    private boolean faultHappened(HttpExchange exchange) throws IOException {
        Fault fault;
        synchronized (faults) {
            fault = faults.poll();
        }
        if (fault == null) {
            return false;
        }
        switch (fault.kind()) {
            case STATUS -> send(exchange, EndpointAnswer.of(fault.problem()));
            case CONTENT_TYPE -> send(exchange, 200, HTML, "<!doctype html><title>Sign in</title>");
            case CUT -> {
                // Closed without an answer: the connection ends.
            }
            case DELAY -> {
                try {
                    fault.awaitRelease();
                    return false;
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        return true;
    }

    /** The form of a store's sign-in page: {@code login_email} and {@code login_pass}. */
    private void answerLogin(HttpExchange exchange) throws IOException {
        String action = field(exchange.getRequestURI().getRawQuery(), "action");
        if (action.equals("logout")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie")).ifPresent(this::signOut);
            redirect(exchange, "/login.php");
        } else if (action.equals("check_login") && exchange.getRequestMethod().equals("POST")) {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            TestCustomer customer = customers.get(field(form, "login_email"));
            boolean right = PASSWORD.equals(field(form, "login_pass"));
            if (customer != null && right) {
                exchange.getResponseHeaders().set("Set-Cookie", signIn(customer) + "; Path=/; HttpOnly; SameSite=Lax");
                redirect(exchange, "/account.php");
            } else {
                redirect(exchange, "/login.php");
            }
        } else {
            send(
                    exchange,
                    200,
                    HTML,
                    "<!doctype html><html lang=en><title>Sign in</title><form method=post action='/login.php?action=check_login'>"
                            + "<input name=login_email aria-label=E-mail><input name=login_pass type=password"
                            + " aria-label=Password><button>Sign in</button></form>");
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        send(exchange, 302, "text/plain; charset=utf-8", "");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        send(exchange, status, body);
    }

    private static void send(HttpExchange exchange, EndpointAnswer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, answer.status(), answer.body());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** The session in a {@code Cookie} header; none when there are two, as at the server. */
    private static Optional<String> session(String cookies) {
        List<String> sessions = Arrays.stream(cookies.split("; *", -1))
                .filter(cookie -> cookie.startsWith(COOKIE + "="))
                .map(cookie -> cookie.substring(COOKIE.length() + 1))
                .toList();
        return sessions.size() == 1 ? Optional.of(sessions.get(0)) : Optional.empty();
    }

    /** The first value of a field of a query or a form; empty when there is none. */
    private static String field(@Nullable String encoded, String name) {
        return encoded == null
                ? ""
                : FormFields.values(encoded, name).stream().findFirst().orElse("");
    }

    /** Says where it is, once it is started. */
    @Override
    public String toString() {
        return "PatronStorefront[" + storeHash + "]";
    }

    /** Sets a {@link PatronStorefront} up. Everything has a default. A builder is for one thread. */
    public static final class Builder {

        private String storeHash = "abc123";
        private MutableClock clock = new MutableClock(Instant.parse("2026-01-01T12:00:00Z"));
        private final List<TestApp> apps = new ArrayList<>();
        private final List<TestCustomer> customers = new ArrayList<>();
        private final Set<AllowedOrigin> allowedOrigins = new HashSet<>();

        private Builder() {}

        /**
         * The store's hash. Default: {@code abc123}.
         *
         * @param hash not empty
         * @return this builder
         */
        public Builder storeHash(String hash) {
            storeHash = hash;
            return this;
        }

        /**
         * Adds an app; the first one is the one under test. Default: one of random id and secret.
         *
         * @param app the app
         * @return this builder
         */
        public Builder app(TestApp app) {
            apps.add(app);
            return this;
        }

        /**
         * Adds a customer, who can sign in through the form with {@link #PASSWORD}. Default: {@link TestCustomer#DEFAULT}.
         *
         * @param customer the customer
         * @return this builder
         */
        public Builder customer(TestCustomer customer) {
            customers.add(customer);
            return this;
        }

        /**
         * The store's clock. Default: one that stands at noon of 1 January 2026.
         *
         * @param shared a clock that tests set
         * @return this builder
         */
        public Builder clock(MutableClock shared) {
            clock = shared;
            return this;
        }

        /**
         * Lets pages of another origin ask for the tokens of all apps, as for headless shops.
         *
         * @param origin such as {@code https://shop.example}
         * @return this builder
         */
        public Builder allowOrigin(String origin) {
            allowedOrigins.add(new AllowedOrigin(null, origin.toLowerCase(Locale.ROOT)));
            return this;
        }

        /**
         * Lets pages of another origin ask for the tokens of one app.
         *
         * @param app the app
         * @param origin such as {@code https://shop.example}
         * @return this builder
         */
        public Builder allowOrigin(TestApp app, String origin) {
            allowedOrigins.add(new AllowedOrigin(app.clientId(), origin.toLowerCase(Locale.ROOT)));
            return this;
        }

        /**
         * Makes the store. It is not started yet.
         *
         * @return the store
         */
        public PatronStorefront build() {
            if (apps.isEmpty()) {
                apps.add(TestApp.random());
            }
            if (customers.isEmpty()) {
                customers.add(TestCustomer.DEFAULT);
            }
            return new PatronStorefront(this);
        }
    }
}
