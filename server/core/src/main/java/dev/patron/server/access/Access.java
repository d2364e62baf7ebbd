package dev.patron.server.access;

import dev.patron.server.failure.DomainException;
import dev.patron.server.failure.DomainException.Kind;
import dev.patron.server.member.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Decides who may do what at the console. An operator may do everything; staff acts on its own store; a developer makes apps,
 * acts on their own, and tries them at stores that are open to developers. An access token may do what its member may, as
 * far as its scopes go. Whatever is not said here is refused.
 */
public final class Access {

    private Access() {}

    /** Whether somebody may do something. */
    public static boolean may(Principal principal, Action action, Resource target) {
        return principal.scopes().contains(action.scope())
                && switch (principal.role()) {
                    case OPERATOR -> true;
                    case STAFF -> mayStaff(principal, action, target);
                    case DEVELOPER -> mayDeveloper(principal, action, target);
                };
    }

    /**
     * Refuses what somebody may not do.
     *
     * @throws DomainException {@code not_found} for what is not theirs to see, as if it did not exist; {@code forbidden} for
     *     what their role may not do; {@code insufficient_scope} for what their token may not do
     */
    public static void require(Principal principal, Action action, Resource target) {
        if (may(principal, action, target)) {
            return;
        }
        requireScope(principal, action);
        throw target instanceof Resource.Server || isOwn(principal, target)
                ? new DomainException(
                        Kind.FORBIDDEN,
                        "forbidden",
                        "Your account may not do this",
                        "Ask an operator of this server to do it.")
                : noSuchObject();
    }

    /** The reason for what does not exist, and for what is not somebody's to see: they cannot tell which. */
    public static DomainException noSuchObject() {
        return new DomainException(
                Kind.NOT_FOUND,
                "not_found",
                "There is no such thing here",
                "Check the address; it may have been deleted meanwhile.");
    }

    /**
     * Whether somebody's token has the scope for something, wherever they may do it.
     *
     * @throws DomainException {@code insufficient_scope} when it has not
     */
    public static void requireScope(Principal principal, Action action) {
        if (!principal.scopes().contains(action.scope())) {
            throw insufficientScope(action);
        }
    }

    /** The scopes that are of use to a role: with the others, its tokens could do no more. */
    public static SortedSet<Scope> scopes(Role role) {
        SortedSet<Scope> scopes = new TreeSet<>();
        Optional<Long> id = Optional.of(0L);
        Principal principal = new Principal(role, id, Optional.of(""), EnumSet.allOf(Scope.class));
        for (Action action : Action.values()) {
            for (Resource target : List.of(Resource.SERVER, new Resource.OneStore("", true), new Resource.OneApp(id))) {
                if (may(principal, action, target)) {
                    scopes.add(action.scope());
                }
            }
        }
        return scopes;
    }

    private static DomainException insufficientScope(Action action) {
        return new DomainException(
                Kind.FORBIDDEN,
                "insufficient_scope",
                "The access token may not do this",
                "Use a token with the scope " + action.scope().text() + ".");
    }

    private static boolean mayStaff(Principal principal, Action action, Resource target) {
        return switch (action) {
            case SEE_STORE, MANAGE_CUSTOMERS, GOVERN_APPS, MANAGE_SCRIPTS, SEE_LEDGER -> isOwn(principal, target);
            default -> false;
        };
    }

    private static boolean mayDeveloper(Principal principal, Action action, Resource target) {
        return switch (action) {
            case CREATE_APP -> target instanceof Resource.Server;
            case SEE_APP, CHANGE_APP, REPORT_VERIFIED -> isOwn(principal, target);
            case TRY_APPS -> target instanceof Resource.OneStore store && store.openToDevelopers();
            default -> false;
        };
    }

    private static boolean isOwn(Principal principal, Resource target) {
        return switch (target) {
            case Resource.Server _ -> false;
            case Resource.OneStore store ->
                principal.role() == Role.STAFF
                        && principal
                                .storeHash()
                                .filter(store.storeHash()::equals)
                                .isPresent();
            case Resource.OneApp app ->
                principal.role() == Role.DEVELOPER
                        && app.ownerId().isPresent()
                        && app.ownerId().equals(principal.memberId());
        };
    }
}
