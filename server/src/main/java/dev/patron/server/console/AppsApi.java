package dev.patron.server.console;

import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.InvalidAppException;
import dev.patron.server.app.NewApp;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Problem;
import dev.patron.server.http.RefusedException;
import dev.patron.server.http.Routes;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code /api/v1/apps}: registers, lists, shows and disables apps. */
final class AppsApi {

    private static final String PATH = "/api/v1/apps";
    private static final Problem NO_SUCH_APP =
            new Problem(404, "no_such_app", "There is no app with this client id", "List the apps to see their ids.");

    private final Apps apps;

    AppsApi(Apps apps) {
        this.apps = apps;
    }

    void addTo(Routes routes, OperatorToken operator) {
        routes.on("GET", PATH, operator.guard(this::list))
                .on("POST", PATH, operator.guard(this::create))
                .on("GET", PATH + "/*", operator.guard(this::show))
                .on("PATCH", PATH + "/*", operator.guard(this::update));
    }

    private void list(Exchange exchange) {
        exchange.sendJson(
                200,
                Json.write(Map.of(
                        "apps", apps.list().stream().map(AppsApi::members).toList())));
    }

    private void create(Exchange exchange) {
        Body body = Body.of(
                exchange,
                Set.of(
                        "name",
                        "description",
                        "client_id",
                        "client_secret",
                        "algorithm",
                        "extra_claims",
                        "stores",
                        "origins"));
        try {
            Apps.Registered registered = apps.create(new NewApp(
                    body.requiredText("name"),
                    body.text("description").orElse(""),
                    body.text("client_id"),
                    body.text("client_secret").map(AppsApi::secret),
                    algorithm(body.text("algorithm").orElse("HS256")),
                    extraClaims(body.texts("extra_claims")),
                    body.texts("stores"),
                    body.texts("origins")));
            Map<String, Object> members = members(registered.app());
            // Shown this once: storage keeps it sealed.
            members.put("client_secret", registered.secret().reveal());
            exchange.with("Location", PATH + "/" + registered.app().clientId()).sendJson(201, Json.write(members));
        } catch (InvalidAppException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        }
    }

    private void show(Exchange exchange) {
        answer(exchange, apps.find(exchange.lastSegment()));
    }

    private void update(Exchange exchange) {
        boolean disabled = Body.of(exchange, Set.of("disabled"))
                .flag("disabled")
                .orElseThrow(() -> Body.invalid("disabled is required, as true or false."));
        answer(exchange, apps.setDisabled(exchange.lastSegment(), disabled));
    }

    private static void answer(Exchange exchange, Optional<App> app) {
        exchange.sendJson(200, Json.write(members(app.orElseThrow(() -> new RefusedException(NO_SUCH_APP)))));
    }

    private static ClientSecret secret(String text) {
        if (text.isEmpty()) {
            throw Body.invalid("client_secret must not be empty; leave it out for a new one.");
        }
        return ClientSecret.of(text);
    }

    private static JwsAlgorithm algorithm(String name) {
        return switch (name) {
            case "HS256" -> JwsAlgorithm.HS256;
            case "HS512" -> JwsAlgorithm.HS512;
            default -> throw Body.invalid("algorithm must be HS256 or HS512.");
        };
    }

    private static Set<ExtraClaim> extraClaims(Set<String> names) {
        Set<ExtraClaim> claims = new LinkedHashSet<>();
        for (String name : names) {
            claims.add(
                    switch (name) {
                        case "jti" -> ExtraClaim.JWT_ID;
                        case "channel_id" -> ExtraClaim.CHANNEL_ID;
                        default -> throw Body.invalid("extra_claims may list jti and channel_id.");
                    });
        }
        return claims;
    }

    private static Map<String, Object> members(App app) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("client_id", app.clientId());
        members.put("name", app.name());
        members.put("description", app.description());
        members.put("algorithm", app.algorithm().name());
        members.put(
                "extra_claims",
                app.extraClaims().stream().map(ExtraClaim::claim).sorted().toList());
        members.put("every_store", app.everyStore());
        members.put("allowed_stores", new TreeSet<>(app.allowedStores()));
        members.put("barred_stores", new TreeSet<>(app.barredStores()));
        members.put("origins", new TreeSet<>(app.origins()));
        members.put("disabled", app.disabled());
        members.put(
                "secrets",
                app.secrets().stream()
                        .map(secret -> Map.of(
                                "id",
                                secret.id(),
                                "state",
                                secret.state().name().toLowerCase(java.util.Locale.ROOT),
                                "created_at",
                                secret.createdAt().toString()))
                        .toList());
        members.put("revision", app.revision());
        members.put("created_at", app.createdAt().toString());
        return members;
    }
}
