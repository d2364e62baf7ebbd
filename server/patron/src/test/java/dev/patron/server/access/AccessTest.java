package dev.patron.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.patron.server.failure.DomainException;
import dev.patron.server.member.Role;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole matrix: each role, each action, each target, own and foreign. What is not listed is refused. */
class AccessTest {

    private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);
    private static final Principal OPERATOR = new Principal(Role.OPERATOR, Optional.of(1L), Optional.empty(), ALL);
    private static final Principal STAFF = new Principal(Role.STAFF, Optional.of(2L), Optional.of("aaaaa"), ALL);
    private static final Principal DEVELOPER = new Principal(Role.DEVELOPER, Optional.of(3L), Optional.empty(), ALL);

    private static final Resource OWN_STORE = new Resource.OneStore("aaaaa", false);
    private static final Resource FOREIGN_STORE = new Resource.OneStore("bbbbb", false);
    private static final Resource OPEN_STORE = new Resource.OneStore("ccccc", true);
    private static final Resource OWN_APP = new Resource.OneApp(Optional.of(3L));
    private static final Resource FOREIGN_APP = new Resource.OneApp(Optional.of(4L));
    private static final Resource OPERATORS_APP = new Resource.OneApp(Optional.empty());
    private static final List<Resource> TARGETS =
            List.of(Resource.SERVER, OWN_STORE, FOREIGN_STORE, OPEN_STORE, OWN_APP, FOREIGN_APP, OPERATORS_APP);

    private record Pair(Action action, Resource target) {}

    private static final Map<Principal, Set<Pair>> ALLOWED = Map.of(
            STAFF,
            Set.of(
                    new Pair(Action.SEE_STORE, OWN_STORE),
                    new Pair(Action.MANAGE_CUSTOMERS, OWN_STORE),
                    new Pair(Action.GOVERN_APPS, OWN_STORE),
                    new Pair(Action.MANAGE_SCRIPTS, OWN_STORE),
                    new Pair(Action.SEE_LEDGER, OWN_STORE)),
            DEVELOPER,
            Set.of(
                    new Pair(Action.CREATE_APP, Resource.SERVER),
                    new Pair(Action.SEE_APP, OWN_APP),
                    new Pair(Action.CHANGE_APP, OWN_APP),
                    new Pair(Action.REPORT_VERIFIED, OWN_APP),
                    new Pair(Action.TRY_APPS, OPEN_STORE)));

    @Test
    void may_staffAndDeveloper_isTheMatrixAndNothingElse() {
        ALLOWED.forEach((principal, allowed) -> {
            Set<Pair> found = new HashSet<>();
            for (Action action : Action.values()) {
                for (Resource target : TARGETS) {
                    if (Access.may(principal, action, target)) {
                        found.add(new Pair(action, target));
                    }
                }
            }
            assertThat(found).as(principal.role().name()).isEqualTo(allowed);
        });
    }

    @Test
    void may_operator_isEverything() {
        for (Action action : Action.values()) {
            for (Resource target : TARGETS) {
                assertThat(Access.may(OPERATOR, action, target)).isTrue();
                assertThat(Access.may(Principal.OPERATOR_TOKEN, action, target)).isTrue();
            }
        }
    }

    @Test
    void may_withoutTheScope_isNothing() {
        for (Action action : Action.values()) {
            Set<Scope> others = EnumSet.complementOf(EnumSet.of(action.scope()));
            Principal token = new Principal(Role.OPERATOR, Optional.of(1L), Optional.empty(), others);
            assertThat(Access.may(OPERATOR, action, Resource.SERVER)).isTrue();
            assertThat(Access.may(token, action, Resource.SERVER))
                    .as(action.name())
                    .isFalse();
            assertRefused(token, action, Resource.SERVER, "insufficient_scope");
        }
    }

    @Test
    void scopes_areThoseThatTheRoleCanUse() {
        assertThat(Access.scopes(Role.OPERATOR)).containsExactlyElementsOf(ALL);
        assertThat(Access.scopes(Role.STAFF)).containsExactly(Scope.STORES_READ, Scope.STORES_WRITE, Scope.LEDGER_READ);
        assertThat(Access.scopes(Role.DEVELOPER)).containsExactly(Scope.APPS_READ, Scope.APPS_WRITE, Scope.APPS_REPORT);
    }

    @Test
    void require_foreignObject_saysThatThereIsNone() {
        assertThatNoException().isThrownBy(() -> Access.require(DEVELOPER, Action.SEE_APP, OWN_APP));
        assertRefused(DEVELOPER, Action.SEE_APP, FOREIGN_APP, "not_found");
        assertRefused(DEVELOPER, Action.SEE_APP, OPERATORS_APP, "not_found");
        assertThatNoException().isThrownBy(() -> Access.require(STAFF, Action.SEE_STORE, OWN_STORE));
        assertRefused(STAFF, Action.SEE_STORE, FOREIGN_STORE, "not_found");
        // A developer's number is no staff's number, and the other way round.
        assertRefused(STAFF, Action.SEE_APP, new Resource.OneApp(Optional.of(2L)), "not_found");
    }

    @Test
    void require_ownObjectButNotTheRole_isForbidden() {
        assertRefused(STAFF, Action.CHANGE_STORE, OWN_STORE, "forbidden");
        assertRefused(DEVELOPER, Action.MANAGE_MEMBERS, Resource.SERVER, "forbidden");
        assertRefused(STAFF, Action.MANAGE_STORES, Resource.SERVER, "forbidden");
    }

    private static void assertRefused(Principal principal, Action action, Resource target, String id) {
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> Access.require(principal, action, target))
                .satisfies(refused -> assertThat(refused.id()).isEqualTo(id));
    }
}
