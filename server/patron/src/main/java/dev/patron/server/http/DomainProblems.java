package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import dev.patron.server.failure.DomainException;

/** Which answer a reason of the domain is. */
final class DomainProblems {

    private DomainProblems() {}

    static Problem of(DomainException reason) {
        int status = switch (reason.kind()) {
            case NOT_FOUND -> 404;
            case FORBIDDEN -> 403;
            case CONFLICT -> 409;
        };
        return new Problem(status, reason.id(), reason.title(), reason.detail());
    }
}
