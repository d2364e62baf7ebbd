package dev.patron.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private static final String ENDPOINT = "/customer/current.jwt";
    private static final String COOKIE = "SHOP_SESSION_TOKEN";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TestApp app;
    private final String storeHash;
    private final MutableClock clock;
    private final Map<String, Tokens> apps = new ConcurrentHashMap<>();
    private final Map<String, TestCustomer> customers = new ConcurrentHashMap<>();
    private final Map<String, TestCustomer> sessions = new ConcurrentHashMap<>();
    private final Set<String> allowedOrigins;
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
        return url().resolve(ENDPOINT + "?app_client_id=" + app.clientId());
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
            switch (exchange.getRequestURI().getRawPath()) {
                case ENDPOINT -> answerEndpoint(exchange);
                case "/login.php" -> answerLogin(exchange);
                default -> problem(exchange, 404, "no_such_page");
            }
        }
    }

    private void answerEndpoint(HttpExchange exchange) throws IOException {
        Fault fault;
        synchronized (faults) {
            fault = faults.poll();
        }
        if (fault != null && !happened(fault, exchange)) {
            return;
        }
        if (!METHODS.contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD, POST");
            problem(exchange, 405, "method_not_allowed");
            return;
        }
        Headers request = exchange.getRequestHeaders();
        String origin = request.getFirst("Origin");
        if (origin != null && !origin.equals("http://" + request.getFirst("Host"))) {
            if (!allowedOrigins.contains(origin)) {
                problem(exchange, 403, "cross_site");
                return;
            }
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
            exchange.getResponseHeaders().set("Access-Control-Allow-Credentials", "true");
        } else if ("cross-site".equals(request.getFirst("Sec-Fetch-Site"))) {
            problem(exchange, 403, "cross_site");
            return;
        }
        List<String> clientIds =
                parameters(exchange.getRequestURI().getRawQuery()).getOrDefault("app_client_id", List.of());
        if (clientIds.isEmpty() || clientIds.equals(List.of(""))) {
            problem(exchange, 400, "missing_client_id");
        } else if (clientIds.size() > 1 || !clientIds.get(0).matches("[A-Za-z0-9]{20,64}")) {
            problem(exchange, 400, "malformed_client_id");
        } else {
            issue(exchange, clientIds.get(0));
        }
    }

    private void issue(HttpExchange exchange, String clientId) throws IOException {
        Optional<TestCustomer> customer = Optional.ofNullable(
                        exchange.getRequestHeaders().getFirst("Cookie"))
                .flatMap(PatronStorefront::session)
                .map(sessions::get);
        Tokens tokens = apps.get(clientId);
        if (customer.isEmpty()) {
            problem(exchange, 404, "not_signed_in");
        } else if (tokens == null) {
            problem(exchange, 403, "unknown_app");
        } else {
            String token = tokens.valid(customer.get());
            String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
                    .orElse("")
                    .toLowerCase(Locale.ROOT);
            if (accept.contains("application/json")) {
                send(exchange, 200, "application/json", "{\"token\":\"" + token + "\"}");
            } else {
                send(exchange, 200, "text/plain; charset=utf-8", token);
            }
        }
    }

    /** Whether the request is to be answered all the same. */
    private boolean happened(Fault fault, HttpExchange exchange) throws IOException {
        switch (fault.kind()) {
            case STATUS -> {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(fault.retryAfter()));
                problem(exchange, fault.status(), fault.id());
                return false;
            }
            case CONTENT_TYPE -> {
                send(exchange, fault.status(), "text/html; charset=utf-8", "<!doctype html><title>Sign in</title>");
                return false;
            }
            case CUT -> {
                // Closed without an answer: the connection ends.
                return false;
            }
            case DELAY -> {
                try {
                    fault.awaitRelease();
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    /** The form of a store's sign-in page: {@code login_email} and {@code login_pass}. */
    private void answerLogin(HttpExchange exchange) throws IOException {
        String action = parameters(exchange.getRequestURI().getRawQuery())
                .getOrDefault("action", List.of(""))
                .get(0);
        if (action.equals("logout")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie")).ifPresent(this::signOut);
            redirect(exchange, "/login.php");
        } else if (action.equals("check_login") && exchange.getRequestMethod().equals("POST")) {
            Map<String, List<String>> form =
                    parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            TestCustomer customer =
                    customers.get(form.getOrDefault("login_email", List.of("")).get(0));
            boolean right = List.of(PASSWORD).equals(form.get("login_pass"));
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
                    "text/html; charset=utf-8",
                    "<!doctype html><html lang=en><title>Sign in</title><form method=post action='/login.php?action=check_login'>"
                            + "<input name=login_email aria-label=E-mail><input name=login_pass type=password"
                            + " aria-label=Password><button>Sign in</button></form>");
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        send(exchange, 302, "text/plain; charset=utf-8", "");
    }

    private static void problem(HttpExchange exchange, int status, String id) throws IOException {
        send(
                exchange,
                status,
                "application/json",
                "{\"errors\":[{\"status\":" + status + ",\"id\":\"" + id + "\",\"title\":\"" + id.replace('_', ' ')
                        + "\",\"detail\":\"This is a store in a test.\"}]}");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store, private");
        headers.set("Vary", "Cookie, Accept, Origin, Sec-Fetch-Site");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Optional<String> session(String cookies) {
        return Arrays.stream(cookies.split("; *", -1))
                .filter(cookie -> cookie.startsWith(COOKIE + "="))
                .map(cookie -> cookie.substring(COOKIE.length() + 1))
                .findFirst();
    }

    private static Map<String, List<String>> parameters(@Nullable String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            parameters
                    .computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), key -> new ArrayList<>())
                    .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return parameters;
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
        private final Set<String> allowedOrigins = new HashSet<>();

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
         * Lets pages of another origin ask for tokens, as for headless shops.
         *
         * @param origin such as {@code https://shop.example}
         * @return this builder
         */
        public Builder allowOrigin(String origin) {
            allowedOrigins.add(origin);
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
