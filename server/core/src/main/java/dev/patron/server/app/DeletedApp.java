package dev.patron.server.app;

import java.time.Instant;

/**
 * What is kept of an app that was deleted.
 *
 * @param clientId never registered again
 * @param name the name that it had last
 */
public record DeletedApp(String clientId, String name, Instant deletedAt) {}
