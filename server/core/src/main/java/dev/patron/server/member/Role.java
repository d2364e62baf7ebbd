package dev.patron.server.member;

/** What a member is to this server. What each role may do is in {@code dev.patron.server.access}. */
public enum Role {
    /** Runs the server: every store, every app, every member. */
    OPERATOR,
    /** Works for one store. */
    STAFF,
    /** Makes apps. */
    DEVELOPER
}
