package dev.patron.server.http;

import dev.patron.endpoint.Problem;

/** A request is refused, for the reason in {@link #problem()}. Without a stack trace: it is no fault of the server. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** A refusal for this reason. */
    public ProblemException(Problem problem) {
        super(problem.id(), null, false, false);
        this.problem = problem;
    }

    /** The reason, safe to show to whoever sent the request. */
    public Problem problem() {
        return problem;
    }
}
