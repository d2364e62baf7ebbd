package dev.patron.spring;

import java.util.Objects;

/**
 * The request comes from no customer that can be believed. It is answered as {@code application/problem+json} with the status, the
 * {@link #id()} and {@link #getMessage()}: both are safe to show to the sender. It carries no stack trace.
 */
public final class CustomerRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The HTTP status. */
    private final int status;

    /** What is wrong. */
    private final String id;

    CustomerRefusedException(int status, String id, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.id = id;
    }

    /**
     * The HTTP status: 400 where the token stood where it must not, 401 where there is no token that is accepted, 503 where it cannot
     * be told.
     *
     * @return 400, 401 or 503
     */
    public int status() {
        return status;
    }

    /**
     * What is wrong: the id of an {@link dev.patron.token.InvalidTokenException.Reason}, or {@code no_token}, {@code token_in_url},
     * {@code ambiguous_token}, {@code replayed}, {@code session_ended}, {@code unavailable}.
     *
     * @return an id in snake case
     */
    public String id() {
        return id;
    }

    /**
     * What to do, for the sender.
     *
     * @return a sentence or two
     */
    public String detail() {
        return Objects.requireNonNull(getMessage());
    }
}
