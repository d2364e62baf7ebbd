package dev.patron.server.api;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Routes;
import dev.patron.server.inspection.CheckResult;
import dev.patron.server.inspection.CheckResult.Refusal;
import dev.patron.server.inspection.Expectations;
import dev.patron.server.inspection.Inspection;
import dev.patron.server.inspection.Inspector;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/tokens/inspect}: what is in a token, and what the verifier says of it. The token is not kept. */
final class TokensApi {

    private static final String PATH = "/api/v1/tokens/inspect";
    private static final Set<String> MEMBERS =
            Set.of("token", "client_id", "store_hash", "max_age", "accept_until_expiry", "clock_skew");

    private final Apps apps;
    private final Inspector inspector;

    TokensApi(Apps apps, Inspector inspector) {
        this.apps = apps;
        this.inspector = inspector;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("POST", PATH, guard.anybody(this::inspect));
    }

    private void inspect(Exchange exchange, Principal principal) {
        Access.requireScope(principal, Action.SEE_APP);
        Body body = Body.of(exchange, MEMBERS);
        String token = body.requiredText("token");
        Expectations expectations = expectations(body);
        String clientId = body.text("client_id")
                .or(() -> Inspector.audience(token))
                .orElseThrow(() -> Body.invalid("client_id is required: the token cannot be read, or names no app."));
        App app = ApiGuard.requireApp(principal, Action.SEE_APP, apps.find(clientId));
        Map<String, Object> members = members(inspector.inspect(app, token, expectations));
        members.put("client_id", app.clientId());
        exchange.sendJson(200, Json.write(members));
    }

    private static Expectations expectations(Body body) {
        boolean untilExpiry = body.flag("accept_until_expiry").orElse(false);
        if (untilExpiry && body.has("max_age")) {
            throw Body.invalid("max_age and accept_until_expiry contradict each other: send one of them.");
        }
        Expectations usual = Expectations.DEFAULT;
        Optional<Duration> maxAge =
                body.number("max_age").map(Duration::ofSeconds).or(usual::maxAge);
        try {
            return new Expectations(
                    untilExpiry ? Optional.empty() : maxAge,
                    body.number("clock_skew").map(Duration::ofSeconds).orElse(usual.clockSkew()),
                    body.text("store_hash"));
        } catch (IllegalArgumentException outOfBounds) {
            throw Body.invalid(
                    "max_age is 1 to 900 seconds, clock_skew is 0 to 300 seconds, and store_hash is not empty.");
        }
    }

    private static Map<String, Object> members(Inspection inspection) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("accepted", inspection.accepted());
        members.put("reason", inspection.refusal().map(why -> why.reason().id()).orElse(null));
        members.put("message", inspection.refusal().map(Refusal::message).orElse(null));
        members.put("signed_by", inspection.signedBy().map(AppMembers::of).orElse(null));
        members.put("header", inspection.header().orElse(null));
        members.put("claims", inspection.claims().orElse(null));
        members.put("issued_at", inspection.issuedAt().map(Instant::toString).orElse(null));
        members.put("expires_at", inspection.expiresAt().map(Instant::toString).orElse(null));
        members.put("age", inspection.age().map(Duration::toSeconds).orElse(null));
        members.put("remaining", inspection.remaining().map(Duration::toSeconds).orElse(null));
        members.put("inspected_at", inspection.at().toString());
        members.put(
                "checks", inspection.checks().stream().map(TokensApi::members).toList());
        return members;
    }

    private static Map<String, Object> members(CheckResult result) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", result.check().id());
        members.put("question", result.check().question());
        members.put("state", result.state().name().toLowerCase(Locale.ROOT));
        return members;
    }
}
