package dev.patron.endpoint;

import java.time.Duration;
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

    /**
     * A response header.
     *
     * @param name its name
     * @param value its value
     */
    public record ResponseHeader(String name, String value) {}

    /**
     * A problem without a header of its own.
     *
     * @param status the HTTP status
     * @param id the stable id, in snake case
     * @param title what is wrong
     * @param detail what was expected and what to do
     */
    public Problem(int status, String id, String title, String detail) {
        this(status, id, title, detail, null);
    }

    /**
     * 400: the request cannot be understood.
     *
     * @param detail what was expected and what to do
     * @return the problem
     */
    public static Problem badRequest(String detail) {
        return new Problem(400, "bad_request", "The request cannot be understood", detail);
    }

    /** 404: there is no such path. */
    public static final Problem NO_SUCH_PAGE = new Problem(
            404, "no_such_page", "There is no such page", "Check the address: it has to match to the letter.");

    /** 400: the query names no app. */
    public static final Problem MISSING_CLIENT_ID = new Problem(
            400,
            "missing_client_id",
            "The app's client id is missing",
            "Ask for /customer/current.jwt?app_client_id={client id}, with the app's client id.");

    /** 400: what the query names cannot be an app, or it names two. */
    public static final Problem MALFORMED_CLIENT_ID = new Problem(
            400,
            "malformed_client_id",
            "The app's client id is malformed",
            "Send app_client_id once, with 20 to 64 of the characters A-Z, a-z and 0-9.");

    /** 403: somebody is signed in, and the app may not have tokens. */
    public static final Problem UNKNOWN_APP = new Problem(
            403,
            "unknown_app",
            "The app is not known at this store",
            "Check the client id; if it is right, the app is disabled by its owner, blocked by an operator, or barred at this"
                    + " store.");

    /** 404: nobody is signed in, and only that. */
    public static final Problem NOT_SIGNED_IN = new Problem(
            404, "not_signed_in", "Nobody is signed in", "Sign in to the store in this browser, then ask again.");

    /** 404: the host belongs to no store. */
    public static final Problem NO_SUCH_STORE = new Problem(
            404,
            "no_such_store",
            "No store is served at this host",
            "Use a host of one of this server's stores; the operator adds hosts with: patron store create.");

    /**
     * 405: the path knows other methods.
     *
     * @param allow the methods there are, separated by commas
     * @return the problem
     */
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

    /**
     * 429: too many requests.
     *
     * @param wait how long to wait, in {@code Retry-After} rounded up to whole seconds
     * @return the problem
     */
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

    /**
     * The shape that clients of the endpoint read: {@code {"errors":[{"status":404,"id":"…","title":"…","detail":"…"}]}}.
     *
     * @return the document
     */
    public String toErrorsJson() {
        return "{\"errors\":[{\"status\":" + status + ",\"id\":" + JsonText.quote(id) + ",\"title\":"
                + JsonText.quote(title) + ",\"detail\":" + JsonText.quote(detail) + "}]}";
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
