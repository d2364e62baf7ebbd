package dev.patron.server.account;

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
 * Somebody with a browser at one store: keeps the session's and the device's cookie, sends what a browser sends from the store's own pages,
 * follows no redirect. The log is watched for whatever is typed and for every cookie.
 */
public final class Browser {

    /** What a page of a one-time link has for its form to send. */
    private static final Pattern LINK_FINGERPRINT =
            Pattern.compile("name=\"link_fingerprint\" value=\"([0-9a-f]{16})\"");

    private final TestServer server;
    private final LogSecrecy logs;
    private final String host;
    private final String scheme;
    private String cookie = "";
    private String device = "";
    private final Map<String, String> links = new LinkedHashMap<>();
    private String linkFingerprint = "";

    private Browser(TestServer server, LogSecrecy logs, String host, String scheme) {
        this.server = server;
        this.logs = logs;
        this.host = host;
        this.scheme = scheme;
    }

    /** At the store that is reached by http. */
    public static Browser at(TestServer server, LogSecrecy logs) {
        return new Browser(server, logs, TestServer.HOST, "http");
    }

    /** At the store that is reached by https. */
    public static Browser atHttps(TestServer server, LogSecrecy logs) {
        return new Browser(server, logs, TestServer.OTHER_HOST, "https");
    }

    /** What the {@code Cookie} header would be; empty without a session. */
    public String cookie() {
        return cookie;
    }

    /** The device cookie as the {@code Cookie} header has it; empty before the first sign-in. */
    public String device() {
        return device;
    }

    /** The store's origin. */
    public String origin() {
        return scheme + "://" + host + ":" + server.port();
    }

    /** A request as the browser sends it when it navigates by a link or a form of the store's own page. */
    public Call call(String method, String target) {
        Call call = server.call(method, target).host(host).with("Sec-Fetch-Site", "same-origin");
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
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (field.getKey().matches(".*(pass|email).*") && field.getValue().length() >= 8) {
                logs.watch(field.getValue());
            }
        }
        return call("POST", target)
                .body(
                        "application/x-www-form-urlencoded",
                        withLinkFingerprint(fields).entrySet().stream()
                                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                                .collect(Collectors.joining("&")));
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
                logs.watch(pair.substring(pair.indexOf('=') + 1));
            } else if (set.contains("Max-Age=0")) {
                cookie = "";
            } else {
                cookie = pair;
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
        return post("/login.php?action=check_login", Map.of("login_email", email, "login_pass", password));
    }

    public Answer signUp(Map<String, String> fields) {
        return post("/login.php?action=save_new_account", fields);
    }

    /** Whether the account page is shown, rather than the way to sign in. */
    public boolean isSignedIn() {
        Answer answer = get("/account.php");
        if (answer.status() == 200) {
            return true;
        }
        if (answer.status() == 302
                && answer.header("Location").orElse("").equals("/login.php?redirect_to=%2Faccount.php")) {
            return false;
        }
        throw new AssertionError("The account page is answered " + answer.status());
    }

    /** Fields for a new account with nothing wrong. */
    static Map<String, String> newAccount(String email) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("first_name", "Ada");
        fields.put("last_name", "Lovelace");
        fields.put("email", email);
        fields.put("password", "a good pass phrase");
        fields.put("password_confirmation", "a good pass phrase");
        return fields;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
