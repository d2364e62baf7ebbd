package dev.patron.server.member;

/** There is a member with this e-mail address already. */
public final class MemberExistsException extends Exception {

    private static final long serialVersionUID = 1L;

    MemberExistsException() {
        super("There is a member with this e-mail address already.");
    }
}
