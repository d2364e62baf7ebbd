package dev.patron.server.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Examines a store at its public address, through whatever stands in front of the server: what is passed on, what is
 * changed on the way, what is cached. It signs nobody in and changes nothing.
 */
public final class StorefrontProbe {

    private static final String ENDPOINT = "/customer/current.jwt";
    private static final String PROBE = ENDPOINT + "?app_client_id=patrondoctorasksforno0token";
    private static final Duration MAX_DRIFT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Map<String, String> ISOLATION = Map.of(
            "Cache-Control", "no-store",
            "Vary", "cookie",
            "X-Content-Type-Options", "nosniff",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Referrer-Policy", "no-referrer");

    private final URI store;
    private final HttpClient client;
    private final InstantSource clock;

    /**
     * An examination that is about to begin.
     *
     * @param store the store's origin, such as {@code https://shop.example}
     */
    public StorefrontProbe(URI store, HttpClient client, InstantSource clock) {
        this.store = store;
        this.client = client;
        this.clock = clock;
    }

    /**
     * Examines everything; when nothing answers, that is the one finding.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public List<Finding> examine() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try {
            Instant before = clock.instant();
            HttpResponse<String> answer = get(PROBE, Map.of());
            Instant after = clock.instant();
            findings.add(endpoint(answer));
            findings.add(scheme());
            findings.add(isolation(answer));
            findings.add(caching(answer, get(PROBE, Map.of())));
            findings.add(clocks(answer, before, after));
            findings.add(paths(get(ENDPOINT + "/x.css", Map.of())));
            findings.add(crossSite(get(PROBE, Map.of("Sec-Fetch-Site", "cross-site"))));
            findings.add(foreignOrigin(get(PROBE, Map.of("Origin", "https://elsewhere.invalid"))));
            findings.add(cookie(signOut()));
            findings.add(console(get("/health/ready", Map.of())));
        } catch (IOException silent) {
            findings.add(Finding.problem(
                    "reachable",
                    "Nothing answers at " + store + " (" + silent.getClass().getSimpleName() + ").",
                    "Check the address, the name service, the certificate, and that the server and its proxy run."));
        }
        return findings;
    }

    private Finding endpoint(HttpResponse<String> answer) {
        String body = answer.body();
        if (answer.statusCode() == 404 && body.contains("\"not_signed_in\"")) {
            return Finding.good("endpoint", "The endpoint answers at " + ENDPOINT + ".");
        }
        if (body.contains("\"no_such_store\"")) {
            return Finding.problem(
                    "endpoint",
                    "The server answers, but knows no store at the host " + store.getHost() + ".",
                    "Add the host to the store, and have the proxy pass the Host header on as the browser sent it.");
        }
        if (body.contains("\"errors\"")) {
            return Finding.problem(
                    "endpoint",
                    "The endpoint answers " + answer.statusCode() + " to somebody who is not signed in, not 404.",
                    "Read the answer's error id in docs/endpoint.md.");
        }
        return Finding.problem(
                "endpoint",
                "Something else than Patron answers " + answer.statusCode() + " at " + ENDPOINT + ".",
                "Have the proxy send exactly this path, with its query, to the storefront listener.");
    }

    private Finding scheme() {
        if (store.getScheme().equals("https")) {
            return Finding.good("https", "The store is reached by https.");
        }
        return LOCAL.contains(store.getHost())
                ? Finding.note(
                        "https",
                        "The store is reached by http, on this machine only.",
                        "Use https before customers come.")
                : Finding.problem(
                        "https",
                        "The store is reached by http: whoever is on the way can take sessions and tokens.",
                        "End TLS in the proxy, and make the store with --https.");
    }

    private static Finding isolation(HttpResponse<String> answer) {
        List<String> missing = ISOLATION.entrySet().stream()
                .filter(header -> !value(answer, header.getKey()).contains(header.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return missing.isEmpty()
                ? Finding.good("isolation-headers", "The endpoint's isolation headers arrive.")
                : Finding.problem(
                        "isolation-headers",
                        "Headers that keep tokens from caches and other origins do not arrive: "
                                + String.join(", ", missing) + ".",
                        "Have the proxy pass them on unchanged for " + ENDPOINT + ".");
    }

    private static Finding caching(HttpResponse<String> first, HttpResponse<String> second) {
        for (HttpResponse<String> answer : List.of(first, second)) {
            boolean hit = answer.headers().firstValue("Age").isPresent()
                    || value(answer, "X-Cache").contains("hit")
                    || value(answer, "CF-Cache-Status").contains("hit");
            if (hit) {
                return Finding.problem(
                        "cached",
                        "A cache answers for the endpoint: one customer could get another's token.",
                        "Exempt " + ENDPOINT + " from every cache on the way.");
            }
        }
        return Finding.good("cached", "No cache answers for the endpoint.");
    }

    private static Finding clocks(HttpResponse<String> answer, Instant before, Instant after) {
        Instant there;
        try {
            there = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                    answer.headers().firstValue("Date").orElse("")));
        } catch (DateTimeException none) {
            return Finding.note(
                    "clock", "The answer tells no time, so clocks cannot be compared.", "Have the proxy send Date.");
        }
        // The header has whole seconds.
        boolean near = there.isAfter(before.minus(MAX_DRIFT)) && there.isBefore(after.plus(MAX_DRIFT));
        return near
                ? Finding.good("clock", "The server's clock and this machine's agree within 5 s.")
                : Finding.problem(
                        "clock",
                        "The server's clock and this machine's differ by "
                                + Duration.between(there, after).abs().toSeconds() + " s; tokens are good for 30 s.",
                        "Run a time service (NTP) on the server, on this machine and on the apps' servers.");
    }

    private static Finding paths(HttpResponse<String> answer) {
        boolean refused = answer.statusCode() == 404 && !answer.body().contains("not_signed_in");
        return refused && value(answer, "Cache-Control").contains("no-store")
                ? Finding.good("paths", "Only the exact path is the endpoint.")
                : Finding.problem(
                        "paths",
                        ENDPOINT + "/x.css answers " + answer.statusCode()
                                + " or may be cached: a cache could be talked into keeping a token.",
                        "Have the proxy match " + ENDPOINT + " exactly, and not rewrite paths.");
    }

    private static Finding crossSite(HttpResponse<String> answer) {
        return answer.statusCode() == 403
                ? Finding.good("cross-site", "Requests from other sites are refused.")
                : Finding.problem(
                        "cross-site",
                        "A request that says it comes from another site is answered " + answer.statusCode() + ".",
                        "Have the proxy pass Sec-Fetch-Site on unchanged.");
    }

    private static Finding foreignOrigin(HttpResponse<String> answer) {
        boolean shared =
                answer.headers().firstValue("Access-Control-Allow-Origin").isPresent();
        return answer.statusCode() == 403 && !shared
                ? Finding.good("origins", "No foreign origin may read tokens.")
                : Finding.problem(
                        "origins",
                        "A foreign origin is answered " + answer.statusCode()
                                + (shared ? " with Access-Control-Allow-Origin." : "."),
                        "Have the proxy pass Origin on unchanged, and add no Access-Control headers.");
    }

    private Finding cookie(HttpResponse<String> answer) {
        String cookie = answer.headers().firstValue("Set-Cookie").orElse("").toLowerCase(Locale.ROOT);
        List<String> faults = new ArrayList<>();
        if (cookie.isEmpty()) {
            faults.add("it is not set at all");
        }
        if (!cookie.contains("; httponly")) {
            faults.add("HttpOnly is missing");
        }
        if (!cookie.contains("; samesite=lax")) {
            faults.add("SameSite=Lax is missing");
        }
        if (store.getScheme().equals("https") && !cookie.contains("; secure")) {
            faults.add("Secure is missing");
        }
        if (cookie.contains("; domain")) {
            faults.add("it has a Domain");
        }
        return faults.isEmpty()
                ? Finding.good("cookie", "The session cookie has its flags.")
                : Finding.problem(
                        "cookie",
                        "The session cookie is not as it should be: " + String.join(", ", faults) + ".",
                        "Have the proxy pass Set-Cookie on unchanged, and make the store with --https when it is reached so.");
    }

    private static Finding console(HttpResponse<String> answer) {
        return answer.statusCode() == 200 && answer.body().contains("\"status\"")
                ? Finding.problem(
                        "console",
                        "The console answers at the store's own origin, where the merchant's scripts run.",
                        "Give the console an origin of its own, or keep it on this machine.")
                : Finding.good("console", "The console does not share the store's origin.");
    }

    private HttpResponse<String> get(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(store.resolve(path)).timeout(TIMEOUT);
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Nobody is signed in here, so nobody is signed out: but the answer takes the cookie away, with its flags. */
    private HttpResponse<String> signOut() throws IOException, InterruptedException {
        String origin = store.getScheme() + "://" + store.getAuthority();
        return client.send(
                HttpRequest.newBuilder(store.resolve("/login.php?action=logout"))
                        .timeout(TIMEOUT)
                        .header("Origin", origin)
                        .header("Sec-Fetch-Site", "same-origin")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static String value(HttpResponse<String> answer, String header) {
        return String.join(", ", answer.headers().allValues(header)).toLowerCase(Locale.ROOT);
    }
}
