package dev.patron.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered as asked, safe to show to whoever sent it.
 *
 * @param status the HTTP status
 * @param id the stable id, in snake case
 * @param title what is wrong, the same for each problem with this id
 * @param detail what was expected and what to do
 * @param header a response header that belongs to the problem, or null
 */
public record Problem(
        int status,
        String id,
        String title,
        String detail,
        @Nullable ResponseHeader header) {

    /** A response header. */
    public record ResponseHeader(String name, String value) {}

    /** A problem without a header of its own. */
    public Problem(int status, String id, String title, String detail) {
        this(status, id, title, detail, null);
    }

    /** 400: the request cannot be understood. */
    public static Problem badRequest(String detail) {
        return new Problem(400, "bad_request", "The request cannot be understood", detail);
    }

    /** 404: there is no such path. */
    public static final Problem NO_SUCH_PAGE = new Problem(
            404, "no_such_page", "There is no such page", "Check the address: it has to match to the letter.");

    /** 404: the host belongs to no store. */
    public static final Problem NO_SUCH_STORE = new Problem(
            404,
            "no_such_store",
            "No store is served at this host",
            "Use a host of one of this server's stores; the operator adds hosts with: patron store create.");

    /** 405: the path knows other methods. */
    public static Problem methodNotAllowed(String allow) {
        return new Problem(
                405,
                "method_not_allowed",
                "The method is not allowed here",
                "Use one of: " + allow + ".",
                new ResponseHeader("Allow", allow));
    }

    /** 403: another site, or nobody knows which, sends the request. */
    public static final Problem CROSS_SITE = new Problem(
            403,
            "cross_site",
            "Requests from other sites are refused",
            "Ask from a page of the store itself. A page elsewhere needs its origin listed for the app, and approved for it at"
                    + " this store by the store's staff or an operator.");

    /** 429: too many requests. */
    public static Problem rateLimited(Duration wait) {
        return new Problem(
                429,
                "rate_limited",
                "Too many requests",
                "Wait as many seconds as Retry-After says, then try again.",
                new ResponseHeader("Retry-After", seconds(wait)));
    }

    /** 500: a fault of the server. */
    public static final Problem INTERNAL_ERROR = new Problem(
            500,
            "internal_error",
            "The server made a mistake",
            "Nothing is known to have been changed. Try again; if it stays, tell the operator the time of this answer.");

    /** 503: the server cannot answer now. */
    public static final Problem UNAVAILABLE = new Problem(
            503,
            "unavailable",
            "The server cannot answer now",
            "Wait as many seconds as Retry-After says, then try again.",
            new ResponseHeader("Retry-After", "1"));

    /** The shape that storefront clients read: {@code {"errors":[{…}]}}. */
    public byte[] toErrorsJson() {
        return Json.write(Map.of("errors", List.of(members())));
    }

    /** The shape of RFC 9457, as {@code application/problem+json}. */
    public byte[] toProblemJson() {
        Map<String, Object> members = members();
        members.put("type", "about:blank");
        return Json.write(members);
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", status);
        members.put("id", id);
        members.put("title", title);
        members.put("detail", detail);
        return members;
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
