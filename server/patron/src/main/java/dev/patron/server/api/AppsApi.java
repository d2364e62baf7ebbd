package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.app.BlockedAppException;
import dev.patron.server.app.DeletedClientIdException;
import dev.patron.server.app.InvalidAppException;
import dev.patron.server.app.NewApp;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Role;
import dev.patron.server.sql.RevisionConflictException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /api/v1/apps}: registers, lists, shows, changes, disables and deletes apps. */
final class AppsApi {

    static final String PATH = "/api/v1/apps";

    private static final Set<String> SWITCHES = Set.of("disabled", "blocked");

    /** The number of the client id's segment in the path. */
    static final int CLIENT_ID = 3;

    static final Problem NO_SUCH_APP =
            new Problem(404, "no_such_app", "There is no app with this client id", "List the apps to see their ids.");

    private final Apps apps;

    AppsApi(Apps apps) {
        this.apps = apps;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", PATH, guard.anybody(this::list))
                .on("POST", PATH, guard.anybody(this::create))
                .on("GET", PATH + "/*", guard.withApp(Action.SEE_APP, AppsApi::answer))
                .on("PATCH", PATH + "/*", guard.app(Action.CHANGE_APP, this::update))
                .on("DELETE", PATH + "/*", guard.app(Action.CHANGE_APP, this::delete));
    }

    /** Every app for those who may see all, else one's own. */
    private void list(Exchange exchange, Principal principal) {
        Access.requireScope(principal, Action.SEE_APP);
        List<App> visible = Access.may(principal, Action.SEE_ALL_APPS, Resource.SERVER)
                ? apps.list()
                : apps.listOf(principal.memberId().orElseThrow());
        Paging.of(exchange).answer(exchange, "apps", visible.stream(), App::clientId, AppMembers::of);
    }

    /** Creates an app that belongs to its creator. Apps that operators create belong to all operators. */
    private void create(Exchange exchange, Principal principal) {
        Access.require(principal, Action.CREATE_APP, Resource.SERVER);
        Set<String> known = new HashSet<>(AppMembers.DETAILS);
        known.addAll(Set.of("client_id", "client_secret", "stores"));
        Body body = Body.of(exchange, known);
        Apps.Registered registered = checked(() -> apps.create(
                new NewApp(
                        AppMembers.changed(
                                body, NewApp.named(body.requiredText("name")).details()),
                        body.text("client_id"),
                        body.text("client_secret").map(AppMembers::secret),
                        body.texts("stores"),
                        principal.memberId().filter(_ -> principal.role() != Role.OPERATOR)),
                approvesOrigins(principal)));
        exchange.with("Location", PATH + "/" + registered.app().clientId());
        answer(exchange, 201, registered);
    }

    private void update(Exchange exchange, Principal principal) {
        Set<String> known = new HashSet<>(AppMembers.DETAILS);
        known.addAll(SWITCHES);
        Body body = Body.of(exchange, known);
        if (known.stream().noneMatch(body::has)) {
            throw Body.invalid("There is nothing to change: use "
                    + String.join(", ", known.stream().sorted().toList()) + ".");
        }
        String clientId = exchange.segment(CLIENT_ID);
        OptionalLong revision = Revisions.expected(exchange);
        boolean switches = SWITCHES.stream().anyMatch(body::has);
        if (switches && known.stream().filter(body::has).count() > 1) {
            throw Body.invalid(
                    "disabled and blocked are changed by themselves: send the other members in a request of their own.");
        }
        answer(
                exchange,
                checked(() -> switches
                        ? turn(body, principal, clientId, revision)
                        : apps.update(
                                clientId,
                                revision,
                                approvesOrigins(principal),
                                details -> AppMembers.changed(body, details))));
    }

    /** Whether an origin that somebody lists for an app of the operators is approved by that: their token must be good for it. */
    private static boolean approvesOrigins(Principal principal) {
        return Access.may(principal, Action.GOVERN_APPS, Resource.SERVER);
    }

    /** Turns the owner's switch or the operators'. An operator who disables an app has decided as an operator. */
    private Optional<App> turn(Body body, Principal principal, String clientId, OptionalLong revision) {
        Optional<Boolean> blocked = body.flag("blocked");
        if (blocked.isPresent()) {
            Access.require(principal, Action.BLOCK_APP, Resource.SERVER);
            return apps.setBlocked(clientId, revision, blocked.get());
        }
        boolean disabled = body.flag("disabled").orElseThrow();
        return Access.may(principal, Action.BLOCK_APP, Resource.SERVER)
                ? apps.setDisabledByOperator(clientId, revision, disabled)
                : apps.setDisabled(clientId, revision, disabled);
    }

    private void delete(Exchange exchange, Principal principal) {
        String clientId = exchange.segment(CLIENT_ID);
        OptionalLong revision = Revisions.expected(exchange);
        boolean deleted = checked(() -> Access.may(principal, Action.BLOCK_APP, Resource.SERVER)
                ? apps.deleteByOperator(clientId, revision)
                : apps.delete(clientId, revision));
        if (!deleted) {
            throw new ProblemException(NO_SUCH_APP);
        }
        exchange.send(204);
    }

    /** Answers with an app and, this once, a secret: storage keeps it sealed. */
    static void answer(Exchange exchange, int status, Apps.Registered registered) {
        Map<String, Object> members = AppMembers.of(registered.app());
        members.put("client_secret", registered.secret().reveal());
        Revisions.tag(exchange, registered.app().revision()).sendJson(status, Json.write(members));
    }

    /** Answers with an app, or that there is none. */
    static void answer(Exchange exchange, Optional<App> app) {
        answer(exchange, app.orElseThrow(() -> new ProblemException(NO_SUCH_APP)));
    }

    private static void answer(Exchange exchange, App app) {
        Revisions.tag(exchange, app.revision()).sendJson(200, Json.write(AppMembers.of(app)));
    }

    private static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidAppException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        } catch (DeletedClientIdException deleted) {
            throw new ProblemException(
                    new Problem(409, "client_id_deleted", "The client id is that of a deleted app", deleted.detail()));
        } catch (BlockedAppException blocked) {
            throw new ProblemException(
                    new Problem(409, "app_blocked", "An operator has blocked the app", blocked.detail()));
        } catch (RevisionConflictException conflict) {
            throw Revisions.refusal(conflict);
        }
    }
}
