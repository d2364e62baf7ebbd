package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.sql.RevisionConflictException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Revisions as HTTP has them: {@code ETag: "3"} in answers, {@code If-Match: "3"} in requests (RFC 9110). */
final class Revisions {

    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,17})\"");

    private Revisions() {}

    /** Says which revision an answer shows. */
    static Exchange tag(Exchange exchange, long revision) {
        return exchange.with("ETag", '"' + Long.toString(revision) + '"');
    }

    /** The revision from which the request was made; none when it does not say so, or says {@code *}. */
    static OptionalLong expected(Exchange exchange) {
        String header = exchange.header("If-Match").orElse("*").strip();
        if (header.equals("*")) {
            return OptionalLong.empty();
        }
        Matcher tag = TAG.matcher(header);
        if (!tag.matches()) {
            throw new ProblemException(
                    Problem.badRequest(
                            "If-Match must be one ETag as this server sends it, such as \"3\" with its quotation marks, or *."));
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }

    /** 412: the request was made from another revision than the current one. */
    static ProblemException refusal(RevisionConflictException conflict) {
        return new ProblemException(new Problem(
                412,
                "revision_conflict",
                "It was changed meanwhile",
                "If-Match says revision " + conflict.expected() + ", and revision " + conflict.current()
                        + " is the current one. Nothing was changed. Get it again, and make your change to what it is"
                        + " now."));
    }
}
