package dev.patron.server.access;

import dev.patron.server.member.Member;
import dev.patron.server.member.Role;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who acts: a member who signed in, a member's access token, or the operator's command line.
 *
 * @param memberId empty for the operator's command line, which is no member
 * @param storeHash the store of a member of its staff
 * @param scopes what this way of acting is good for, whatever the role
 */
public record Principal(Role role, Optional<Long> memberId, Optional<String> storeHash, Set<Scope> scopes) {

    private static final Set<Scope> ALL = Set.copyOf(EnumSet.allOf(Scope.class));

    /** The operator's command line, which has the token of the data folder. */
    public static final Principal OPERATOR_TOKEN =
            new Principal(Role.OPERATOR, Optional.empty(), Optional.empty(), ALL);

    /** Makes the scopes immutable. */
    public Principal {
        scopes = Set.copyOf(scopes);
    }

    /** A member who signed in with a password. */
    public static Principal of(Member member) {
        return of(member, ALL);
    }

    /** A member's access token. */
    public static Principal of(Member member, Set<Scope> scopes) {
        return new Principal(member.role(), Optional.of(member.id()), member.storeHash(), scopes);
    }
}
