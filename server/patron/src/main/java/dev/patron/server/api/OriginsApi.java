package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.access.Resource;
import dev.patron.server.app.AppOrigin;
import dev.patron.server.app.Apps;
import dev.patron.server.app.OriginApprovals;
import dev.patron.server.app.StoreOrigin;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Role;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The foreign origins that apps list, and where they are approved: {@code /api/v1/apps/{client_id}/origins} at every store,
 * {@code /api/v1/stores/{store_hash}/apps/{client_id}/origins} at one.
 */
final class OriginsApi {

    private static final String OF_APP = AppsApi.PATH + "/*/origins";
    private static final String AT_STORE = StoresApi.PATH + "/*/apps/*/origins";
    private static final int CLIENT_ID_AT_STORE = 5;
    private static final Problem NO_SUCH_ORIGIN = new Problem(
            404,
            "no_such_origin",
            "The app does not list this origin",
            "List the app's origins; only what its developer asks for can be approved.");

    private final Apps apps;
    private final OriginApprovals approvals;
    private final Stores stores;

    OriginsApi(Apps apps, Stores stores) {
        this.apps = apps;
        this.approvals = apps.origins();
        this.stores = stores;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", OF_APP, guard.app(Action.SEE_APP, this::ofApp))
                .on("PATCH", OF_APP, guard.anybody(this::decideEverywhere))
                .on("GET", AT_STORE, guard.store(Action.SEE_STORE, this::atStore))
                .on("PATCH", AT_STORE, guard.store(Action.GOVERN_APPS, this::decide));
    }

    private void ofApp(Exchange exchange, Principal principal) {
        answerOfApp(exchange, principal, exchange.segment(AppsApi.CLIENT_ID));
    }

    private void decideEverywhere(Exchange exchange, Principal principal) {
        Access.require(principal, Action.GOVERN_APPS, Resource.SERVER);
        Decision decision = Decision.of(exchange);
        String clientId = exchange.segment(AppsApi.CLIENT_ID);
        if (apps.find(clientId).isEmpty()) {
            throw new ProblemException(AppsApi.NO_SUCH_APP);
        }
        require(approvals.decideEverywhere(clientId, decision.origin(), decision.approved(), principal.memberId()));
        answerOfApp(exchange, principal, clientId);
    }

    private void atStore(Exchange exchange, Principal principal) {
        answerAtStore(exchange, appAtStore(exchange, principal));
    }

    private void decide(Exchange exchange, Principal principal) {
        String clientId = appAtStore(exchange, principal);
        Decision decision = Decision.of(exchange);
        require(approvals.decide(
                exchange.segment(StoresApi.STORE_HASH),
                clientId,
                decision.origin(),
                decision.approved(),
                principal.memberId()));
        answerAtStore(exchange, clientId);
    }

    /** The client id in the path. An app that is made for other stores only is none of this store's business. */
    private String appAtStore(Exchange exchange, Principal principal) {
        String storeHash = exchange.segment(StoresApi.STORE_HASH);
        return apps.find(exchange.segment(CLIENT_ID_AT_STORE))
                .filter(app -> principal.role() == Role.OPERATOR || app.concerns(storeHash))
                .orElseThrow(() -> new ProblemException(AppsApi.NO_SUCH_APP))
                .clientId();
    }

    private void answerOfApp(Exchange exchange, Principal principal, String clientId) {
        Optional<Set<String>> visible = principal.role() == Role.OPERATOR
                ? Optional.empty()
                : Optional.of(
                        stores.openToDevelopers().stream().map(Store::hash).collect(Collectors.toSet()));
        List<Map<String, Object>> origins = approvals.ofApp(clientId).stream()
                .map(origin -> json(origin, visible))
                .toList();
        exchange.sendJson(200, Json.write(Map.of("origins", origins)));
    }

    private void answerAtStore(Exchange exchange, String clientId) {
        List<Map<String, Object>> origins = approvals.atStore(exchange.segment(StoresApi.STORE_HASH), clientId).stream()
                .map(OriginsApi::json)
                .toList();
        exchange.sendJson(200, Json.write(Map.of("client_id", clientId, "origins", origins)));
    }

    /** Numbers are of all stores; hashes are only of those that the caller may see. */
    private static Map<String, Object> json(AppOrigin origin, Optional<Set<String>> visible) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("origin", origin.origin());
        json.put("every_store", origin.everyStore());
        json.put("approved", origin.approvedStores().size());
        json.put("withdrawn", origin.refusedStores().size());
        json.put("approved_stores", shown(origin.approvedStores(), visible));
        json.put("withdrawn_stores", shown(origin.refusedStores(), visible));
        return json;
    }

    private static Set<String> shown(Set<String> hashes, Optional<Set<String>> visible) {
        Set<String> shown = new TreeSet<>(hashes);
        visible.ifPresent(shown::retainAll);
        return shown;
    }

    private static Map<String, Object> json(StoreOrigin origin) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("origin", origin.origin());
        json.put("approved", origin.approved());
        json.put("every_store", origin.everyStore());
        json.put("decided_at", origin.decidedAt().map(Instant::toString).orElse(null));
        json.put("decided_by", origin.decidedBy().orElse(null));
        return json;
    }

    private static void require(boolean known) {
        if (!known) {
            throw new ProblemException(NO_SUCH_ORIGIN);
        }
    }

    private record Decision(String origin, boolean approved) {

        static Decision of(Exchange exchange) {
            Body body = Body.of(exchange, Set.of("origin", "approved"));
            return new Decision(
                    body.requiredText("origin"),
                    body.flag("approved").orElseThrow(() -> Body.invalid("approved is required, as true or false.")));
        }
    }
}
