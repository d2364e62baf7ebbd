package dev.patron.server.issuing;

import dev.patron.server.app.ClientIds;
import dev.patron.server.http.Accept;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.http.Json;
import dev.patron.server.http.Problem;
import dev.patron.server.http.RequestOrigin;
import dev.patron.server.ledger.Recorder;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.metrics.Metrics.Stage;
import dev.patron.server.metrics.Metrics.Timing;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.SessionCookie;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.store.Stores;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code GET|HEAD|POST /customer/current.jwt?app_client_id={client id}}, wire-compatible with the platform's Current
 * Customer API. Answers with the bare token as text, or {@code {"token":"…"}} where {@code Accept} names {@code
 * application/json}. Every error is JSON. The statuses and error ids are in {@code docs/endpoint.md}. A {@code HEAD}
 * reveals no token, so neither what it would get nor a refusal of it is taken down.
 */
public final class CurrentJwt implements Handler {

    /** The endpoint's path. */
    public static final String PATH = "/customer/current.jwt";

    private final Issuing issuing;
    private final Stores stores;
    private final Recorder recorder;
    private final Metrics metrics;

    /** The endpoint in front of the issuing. */
    public CurrentJwt(Issuing issuing, Stores stores, Recorder recorder, Metrics metrics) {
        this.issuing = issuing;
        this.stores = stores;
        this.recorder = recorder;
        this.metrics = metrics;
    }

    @Override
    public void handle(Exchange exchange) {
        switch (recorded(exchange)) {
            case Outcome.Issued issued -> {
                if (Accept.wantsJson(exchange.header("Accept"))) {
                    exchange.sendJson(200, Json.write(Map.of("token", issued.token())));
                } else {
                    exchange.sendText(200, issued.token());
                }
            }
            case Outcome.Refused refused -> {
                Problem problem = refused.problem();
                exchange.withHeaderOf(problem).sendJson(problem.status(), problem.toErrorsJson());
            }
        }
    }

    /** Decides, and has a refusal taken down; the issuing does so with a token. */
    private Outcome recorded(Exchange exchange) {
        try (Timing _ = metrics.time(Stage.WHOLE)) {
            Outcome outcome = decide(exchange);
            if (outcome instanceof Outcome.Refused refused) {
                record(exchange, refused.problem());
            } else if (!isHead(exchange)) {
                metrics.issued();
            }
            return outcome;
        } catch (StorageUnavailableException unavailable) {
            record(exchange, Problem.UNAVAILABLE);
            throw unavailable;
        }
    }

    private void record(Exchange exchange, Problem problem) {
        if (isHead(exchange)) {
            return;
        }
        metrics.refused(problem.id());
        List<String> clientIds = exchange.query("app_client_id");
        String clientId = isWellFormed(clientIds) ? clientIds.getFirst() : null;
        recorder.refused(Stores.hostOf(exchange.authority()), clientId, problem.id());
    }

    private static boolean isHead(Exchange exchange) {
        return exchange.method().equals("HEAD");
    }

    private static boolean isWellFormed(List<String> clientIds) {
        return clientIds.size() == 1 && ClientIds.isWellFormed(clientIds.getFirst());
    }

    /** Decides in the documented order: cross-site, client id, session, app. */
    private Outcome decide(Exchange exchange) {
        List<String> clientIds = exchange.query("app_client_id");
        boolean wellFormed = isWellFormed(clientIds);
        String host = Stores.hostOf(exchange.authority());

        RequestOrigin origin = RequestOrigin.of(exchange);
        Optional<BearerSecret> session = SessionCookie.read(exchange.cookies());
        if (!wellFormed) {
            return new Outcome.Refused(refusalWithoutApp(exchange, origin, host, clientIds));
        }
        if (origin.origin() != null) {
            return decideByOrigin(
                    exchange, origin, issuing.look(host, session.orElse(null), clientIds.getFirst(), origin.origin()));
        }
        if (origin.isCrossSite()) {
            return new Outcome.Refused(Problem.CROSS_SITE);
        }
        if (session.isEmpty()) {
            boolean known = stores.atHost(host).isPresent();
            return new Outcome.Refused(known ? Refusals.NOT_SIGNED_IN : Problem.NO_SUCH_STORE);
        }
        return issuing.decide(issuing.look(host, session.get(), clientIds.getFirst(), null), isHead(exchange));
    }

    /** A page of an origin that may ask for the app's tokens may read the answer, whatever it is. */
    private Outcome decideByOrigin(Exchange exchange, RequestOrigin origin, Issuing.Look look) {
        boolean own = !origin.isForeign(exchange.authority()) && look.hasOwnScheme(origin);
        if (own ? origin.isCrossSite() : !look.originMayAsk()) {
            return new Outcome.Refused(Problem.CROSS_SITE);
        }
        if (!own) {
            exchange.with("Access-Control-Allow-Origin", Objects.requireNonNull(origin.origin()))
                    .with("Access-Control-Allow-Credentials", "true");
        }
        return issuing.decide(look, isHead(exchange));
    }

    /** Another origin may ask for an app's tokens only, so for none without an app. */
    private Problem refusalWithoutApp(Exchange exchange, RequestOrigin origin, String host, List<String> clientIds) {
        boolean own = origin.origin() == null
                || (!origin.isForeign(exchange.authority())
                        && stores.atHost(host)
                                .map(store -> !origin.hasOtherScheme(store.scheme()))
                                .orElse(true));
        if (!own || origin.isCrossSite()) {
            return Problem.CROSS_SITE;
        }
        return clientIds.isEmpty() || clientIds.equals(List.of(""))
                ? Refusals.MISSING_CLIENT_ID
                : Refusals.MALFORMED_CLIENT_ID;
    }
}
