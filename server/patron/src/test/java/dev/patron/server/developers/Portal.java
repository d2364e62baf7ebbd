package dev.patron.server.developers;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A member with a browser at the developer portal: sends what a browser sends from its pages, follows no redirect. */
final class Portal {

    static final String PASSWORD = "a password for members";

    private static final Pattern INPUT = Pattern.compile("<input\\b(?:[^>\"]|\"[^\"]*\")*>");
    private static final Pattern NAME = Pattern.compile("\\bname=\"([^\"]*)\"");
    private static final Pattern VALUE = Pattern.compile("\\bvalue=\"([^\"]*)\"");

    private final TestServer server;
    private final String cookie;

    private Portal(TestServer server, String cookie) {
        this.server = server;
        this.cookie = cookie;
    }

    /** Nobody in particular. */
    static Portal stranger(TestServer server) {
        return new Portal(server, "");
    }

    /** A new member, signed in. */
    static Portal of(TestServer server, LogSecrecy logs, NewMember details) {
        try {
            server.patron().services().members.create(details, PASSWORD);
        } catch (MemberExistsException twice) {
            throw new IllegalArgumentException(twice);
        }
        Answer answer = stranger(server)
                .post("/sign-in", Map.of("email", details.email(), "password", PASSWORD))
                .send();
        String set = answer.all("Set-Cookie").getFirst();
        String cookie = set.substring(0, set.indexOf(';'));
        logs.watch(cookie.substring(cookie.indexOf('=') + 1));
        return new Portal(server, cookie);
    }

    /** A request by a link of the console. */
    Call get(String target) {
        return with(server.console("GET", target));
    }

    /** A form of the console, sent. */
    Call post(String target, Map<String, String> fields) {
        return with(server.console("POST", target))
                .with("Origin", "http://localhost:" + server.consolePort())
                .body(
                        "application/x-www-form-urlencoded",
                        fields.entrySet().stream()
                                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                                .collect(Collectors.joining("&")));
    }

    private Call with(Call call) {
        Call own = call.with("Sec-Fetch-Site", "same-origin").with("Accept", "text/html");
        return cookie.isEmpty() ? own : own.with("Cookie", cookie);
    }

    /** The text of a page, without tags. */
    static String text(Answer answer) {
        return unescape(answer.body().replaceAll("<[^>]*>", " ")).replaceAll("\\s+", " ");
    }

    /** The values of a page's input fields, by name; the last of several. */
    static Map<String, String> fields(Answer answer) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = INPUT.matcher(answer.body());
        while (inputs.find()) {
            Matcher name = NAME.matcher(inputs.group());
            Matcher value = VALUE.matcher(inputs.group());
            if (name.find()) {
                fields.put(name.group(1), value.find() ? unescape(value.group(1)) : "");
            }
        }
        return fields;
    }

    /** What stands in the element with this id. */
    static String element(Answer answer, String id) {
        Matcher element = Pattern.compile("<(\\w+)[^>]*\\bid=\"" + id + "\"[^>]*>(.*?)</\\1>", Pattern.DOTALL)
                .matcher(answer.body());
        if (!element.find()) {
            throw new AssertionError("No element " + id + " in " + answer.body());
        }
        return unescape(element.group(2));
    }

    static String title(Answer answer) {
        Matcher title = Pattern.compile("<title>([^<]*)</title>").matcher(answer.body());
        if (!title.find()) {
            throw new AssertionError("Not a page: " + answer.status() + " " + answer.body());
        }
        return unescape(title.group(1));
    }

    /** The status and the problem that a page shows. */
    static String problem(Answer answer) {
        Matcher problem = Pattern.compile("data-problem=\"([^\"]*)\"").matcher(answer.body());
        return answer.status() + (problem.find() ? " " + problem.group(1) : "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
