package dev.patron.server.http;

/** Answers a request by one call of a {@code send} method, or throws {@link ProblemException}. */
@FunctionalInterface
public interface Handler {

    /** Answers. */
    void handle(Exchange exchange);
}
