package dev.patron.endpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer, to be sent as it is; of the answer to a {@code HEAD}, the body's length only. Immutable. {@link #toString()} does not
 * tell the body, which may be a token.
 *
 * @param status the HTTP status
 * @param headers the headers, with those of {@link SecurityHeaders}; without a length and a date
 * @param body the body, to be sent in UTF-8
 * @param problemId the id of the problem that it tells; null for a token
 */
public record EndpointAnswer(
        int status,
        Map<String, String> headers,
        String body,
        @Nullable String problemId) {

    private static final String CONTENT_TYPE = "Content-Type";
    private static final Map<String, String> TEXT =
            headers(SecurityHeaders.ALL, CONTENT_TYPE, "text/plain; charset=utf-8");
    private static final Map<String, String> JSON = headers(SecurityHeaders.ALL, CONTENT_TYPE, "application/json");

    /**
     * The answer that tells a problem: always JSON, whatever the request accepts.
     *
     * @param problem what is wrong
     * @return the answer
     */
    public static EndpointAnswer of(Problem problem) {
        Problem.ResponseHeader header = problem.header();
        return new EndpointAnswer(
                problem.status(),
                header == null ? JSON : headers(JSON, header.name(), header.value()),
                problem.toErrorsJson(),
                problem.id());
    }

    /** A token as it is, as text. */
    static EndpointAnswer text(String token) {
        return new EndpointAnswer(200, TEXT, token, null);
    }

    /** A token in a JSON document; nothing in a token needs an escape. */
    static EndpointAnswer json(String token) {
        return new EndpointAnswer(200, JSON, "{\"token\":\"" + token + "\"}", null);
    }

    /** The same answer, which pages of an origin may read (WHATWG Fetch, section "CORS protocol"). */
    EndpointAnswer readableBy(String origin) {
        Map<String, String> readable = headers(headers, "Access-Control-Allow-Origin", origin);
        return new EndpointAnswer(
                status, headers(readable, "Access-Control-Allow-Credentials", "true"), body, problemId);
    }

    private static Map<String, String> headers(Map<String, String> some, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(some);
        more.put(name, value);
        return Collections.unmodifiableMap(more);
    }

    @Override
    public String toString() {
        return "EndpointAnswer[" + status + "]";
    }
}
