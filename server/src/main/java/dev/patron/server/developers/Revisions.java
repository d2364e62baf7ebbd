package dev.patron.server.developers;

import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Problem;
import dev.patron.server.http.RefusedException;
import java.util.OptionalLong;

/** The revision that a form was made from: each form about an app carries it. */
final class Revisions {

    private Revisions() {}

    /**
     * What the form says.
     *
     * @throws RefusedException 400 when it says none: then it is no form of ours
     */
    static OptionalLong expected(ConsoleRequest request) {
        String text = request.field("revision");
        if (!text.matches("[0-9]{1,18}")) {
            throw new RefusedException(Problem.badRequest("The form has no revision. Load its page, and try again."));
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
