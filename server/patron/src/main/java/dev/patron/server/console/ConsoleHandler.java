package dev.patron.server.console;

/** Answers a request for a page of the console by one call of a {@code send} method, or throws a refusal. */
@FunctionalInterface
public interface ConsoleHandler {

    /** Answers. */
    void handle(ConsoleRequest request);
}
