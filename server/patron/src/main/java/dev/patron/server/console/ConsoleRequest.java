package dev.patron.server.console;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.access.Resource;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.member.Member;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request for a page of the console.
 *
 * @param visitor the member who is signed in, or empty
 */
public record ConsoleRequest(Exchange exchange, Optional<Member> visitor) {

    /** The member; only for pages that nobody else gets to. */
    public Member member() {
        return visitor.orElseThrow();
    }

    /** Whether the member may do something. */
    public boolean may(Action action, Resource target) {
        return Access.may(Principal.of(member()), action, target);
    }

    /**
     * Goes no further unless the member may do something.
     *
     * @throws ProblemException 403 or 404
     */
    public void require(Action action, Resource target) {
        Access.require(Principal.of(member()), action, target);
    }

    /** The value of a query parameter, or an empty string; the first of several. */
    public String parameter(String name) {
        List<String> values = exchange.query(name);
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** The value of a form field, or an empty string. */
    public String field(String name) {
        return exchange.form().field(name);
    }

    /**
     * The revision that the form was made from: each form that changes something carries it.
     *
     * @throws ProblemException 400 when it says none: then it is no form of ours
     */
    public OptionalLong revision() {
        String text = field("revision");
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProblemException(Problem.badRequest("The form has no revision. Load its page, and try again."));
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
