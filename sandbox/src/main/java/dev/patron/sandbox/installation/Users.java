package dev.patron.sandbox.installation;

import dev.patron.server.member.Members;

/** The members of the console, as apps are told of them. */
final class Users {

    private final Members members;

    Users(Members members) {
        this.members = members;
    }

    /**
     * A member as an app knows them. {@link #toString()} does not tell the e-mail address.
     *
     * @param email empty text for a member who is gone
     */
    record User(long id, String email) {
        @Override
        public String toString() {
            return "User[" + id + "]";
        }
    }

    /** The member with this number, or what is left of them. */
    User find(long memberId) {
        return members.find(memberId)
                .map(member -> new User(member.id(), member.email()))
                .orElse(new User(memberId, ""));
    }

    /** Who owns a store: the first operator of the server, since that is who made it; or the user, without any. */
    User owner(User user) {
        return members.firstOperator()
                .map(member -> new User(member.id(), member.email()))
                .orElse(user);
    }
}
