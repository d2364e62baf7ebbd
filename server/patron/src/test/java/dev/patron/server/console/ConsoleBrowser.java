package dev.patron.server.console;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Somebody with a browser at the console: keeps the session cookie, sends what a browser sends from the console's own
 * pages, follows no redirect. The log is watched for whatever is typed and for every cookie.
 */
public final class ConsoleBrowser {

    private static final Pattern PROBLEM = Pattern.compile("data-problem=\"([^\"]*)\"");

    /** What a page of a one-time link has for its form to send. */
    private static final Pattern LINK_FINGERPRINT =
            Pattern.compile("name=\"link_fingerprint\" value=\"([0-9a-f]{16})\"");

    private final TestServer server;
    private final LogSecrecy logs;
    private String cookie = "";
    private String device = "";
    private final Map<String, String> links = new LinkedHashMap<>();
    private String linkFingerprint = "";

    private ConsoleBrowser(TestServer server, LogSecrecy logs) {
        this.server = server;
        this.logs = logs;
    }

    /** Nobody is signed in. */
    public static ConsoleBrowser at(TestServer server, LogSecrecy logs) {
        return new ConsoleBrowser(server, logs);
    }

    /** What the {@code Cookie} header would be; empty without a session. */
    public String cookie() {
        return cookie;
    }

    /** The device cookie as the {@code Cookie} header has it; empty before the first sign-in. */
    public String device() {
        return device;
    }

    /** The console's origin. */
    public String origin() {
        return "http://localhost:" + server.consolePort();
    }

    /** A request as the browser sends it when it navigates by a link or a form of the console. */
    public Call call(String method, String target) {
        Call call = server.console(method, target)
                .with("Sec-Fetch-Site", "same-origin")
                .with("Accept", "text/html");
        if (method.equals("POST")) {
            call = call.with("Origin", origin());
        }
        List<String> cookies = new ArrayList<>(links.values());
        cookies.addAll(List.of(cookie, device));
        cookies.removeIf(String::isEmpty);
        return cookies.isEmpty() ? call : call.with("Cookie", String.join("; ", cookies));
    }

    /** The same with form fields; with the hidden one of the last page of a one-time link, unless the fields say another. */
    public Call call(String target, Map<String, String> fields) {
        fields.values().stream().filter(value -> value.length() >= 8).forEach(logs::watch);
        return call("POST", target).body("application/x-www-form-urlencoded", encode(withLinkFingerprint(fields)));
    }

    private Map<String, String> withLinkFingerprint(Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        if (!linkFingerprint.isEmpty()) {
            all.putIfAbsent("link_fingerprint", linkFingerprint);
        }
        return all;
    }

    /** Sends a request and keeps the cookies that come back. */
    public Answer send(Call call) {
        Answer answer = call.send();
        for (String set : answer.all("Set-Cookie")) {
            String pair = set.substring(0, set.indexOf(';'));
            String name = pair.substring(0, pair.indexOf('='));
            if (name.matches(".*_(LINK|WELCOME|RESET)")) {
                links.put(name, set.contains("Max-Age=0") ? "" : pair);
                if (!pair.endsWith("=")) {
                    logs.watch(pair.substring(pair.indexOf('=') + 1));
                }
            } else if (pair.contains("_DEVICE=")) {
                device = pair;
            } else {
                cookie = set.contains("Max-Age=0") ? "" : pair;
            }
            if (!pair.endsWith("=")) {
                logs.watch(pair.substring(pair.indexOf('=') + 1));
            }
        }
        Matcher hidden = LINK_FINGERPRINT.matcher(answer.body());
        if (hidden.find()) {
            linkFingerprint = hidden.group(1);
        }
        return answer;
    }

    /** Opens a one-time link as a browser does: with the cookie that it sets, on to the page without the link. */
    public Answer open(String link) {
        Answer arrival = get(link);
        return arrival.status() == 302 ? get(arrival.header("Location").orElseThrow()) : arrival;
    }

    public Answer get(String target) {
        return send(call("GET", target));
    }

    public Answer post(String target, Map<String, String> fields) {
        return send(call(target, fields));
    }

    public Answer signIn(String email, String password) {
        return post("/sign-in", Map.of("email", email, "password", password));
    }

    /** Whether the account page is shown, rather than the way to sign in. */
    public boolean isSignedIn() {
        Answer answer = get("/account");
        if (answer.status() == 200) {
            return true;
        }
        if (answer.status() == 302 && answer.header("Location").orElse("").equals("/sign-in?to=%2Faccount")) {
            return false;
        }
        throw new AssertionError("The account page is answered " + answer.status());
    }

    /** The id of the problem that a page shows. */
    public static String problem(Answer answer) {
        Matcher problem = PROBLEM.matcher(answer.body());
        if (!problem.find()) {
            throw new AssertionError("Not a page about a problem: " + answer.status() + " " + answer.body());
        }
        return answer.status() + " " + problem.group(1);
    }

    /** The text without tags. */
    public static String text(Answer answer) {
        return answer.body()
                .replaceAll("<[^>]*>", " ")
                .replace("&#39;", "'")
                .replace("&#34;", "\"")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ");
    }

    private static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
