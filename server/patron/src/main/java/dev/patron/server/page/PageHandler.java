package dev.patron.server.page;

/** Answers a request for a page of a store. */
@FunctionalInterface
public interface PageHandler {

    /** Answers. */
    void handle(PageRequest request);
}
