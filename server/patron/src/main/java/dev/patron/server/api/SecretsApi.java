package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.app.InvalidAppException;
import dev.patron.server.app.Rotation;
import dev.patron.server.app.RotationException;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.token.ClientSecret;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code /api/v1/apps/{client_id}/secrets}: changes an app's secret without downtime; and {@code
 * /api/v1/apps/{client_id}/verifications}, where verifiers report which secret they have seen.
 */
final class SecretsApi {

    private static final String SECRETS = AppsApi.PATH + "/*/secrets";
    private static final String VERIFICATIONS = AppsApi.PATH + "/*/verifications";
    private static final int SECRET_ID = 5;
    private static final String NOW = "now";
    private static final String NEVER = "never";

    private final Rotation rotation;

    SecretsApi(Rotation rotation) {
        this.rotation = rotation;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("POST", SECRETS, guard.app(Action.CHANGE_APP, this::make))
                .on("PATCH", SECRETS + "/*", guard.app(Action.CHANGE_APP, this::sign))
                .on("DELETE", SECRETS + "/*", guard.app(Action.CHANGE_APP, this::retire))
                .on("POST", VERIFICATIONS, guard.app(Action.REPORT_VERIFIED, this::report));
    }

    private void make(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("client_secret", "sign_now", "retire_other"));
        Optional<ClientSecret> given = body.text("client_secret").map(AppMembers::secret);
        boolean signNow = body.flag("sign_now").orElse(false);
        boolean retireOther = body.flag("retire_other").orElse(false);
        if (retireOther && !signNow) {
            throw Body.invalid("retire_other goes with sign_now only: retire the other secret first.");
        }
        String clientId = exchange.segment(AppsApi.CLIENT_ID);
        OptionalLong revision = Revisions.expected(exchange);
        Apps.Registered made = checked(() -> signNow
                        ? rotation.rotateNow(clientId, revision, given, retireOther)
                        : rotation.makeSecret(clientId, revision, given))
                .orElseThrow(() -> new ProblemException(AppsApi.NO_SUCH_APP));
        AppsApi.answer(exchange, 201, made);
    }

    private void sign(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("signs_from"));
        String wish = body.requiredText("signs_from");
        String clientId = exchange.segment(AppsApi.CLIENT_ID);
        OptionalLong revision = Revisions.expected(exchange);
        long secretId = secretId(exchange);
        Optional<App> app = checked(() -> switch (wish) {
            case NOW -> rotation.signWith(clientId, revision, secretId, Optional.empty());
            case NEVER -> rotation.cancel(clientId, revision);
            default -> rotation.signWith(clientId, revision, secretId, Optional.of(moment(wish)));
        });
        AppsApi.answer(exchange, app);
    }

    private void retire(Exchange exchange) {
        AppsApi.answer(
                exchange,
                checked(() -> rotation.retire(
                        exchange.segment(AppsApi.CLIENT_ID), Revisions.expected(exchange), secretId(exchange))));
    }

    private void report(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("fingerprint"));
        String fingerprint = body.requiredText("fingerprint");
        if (!fingerprint.matches("[0-9a-f]{16}")) {
            throw Body.invalid("fingerprint must be the first 16 hexadecimal digits of the secret's SHA-256.");
        }
        if (!rotation.reportVerified(exchange.segment(AppsApi.CLIENT_ID), fingerprint)) {
            throw new ProblemException(new Problem(
                    404,
                    "no_such_secret",
                    "The app has no secret with this fingerprint",
                    "Show the app to see the fingerprints of its secrets."));
        }
        exchange.send(204);
    }

    private static Instant moment(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw Body.invalid("signs_from must be now, never, or a moment such as 2026-12-31T23:00:00Z.");
        }
    }

    private static long secretId(Exchange exchange) {
        String text = exchange.segment(SECRET_ID);
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw refusal(new Problem(
                    404,
                    "no_such_secret",
                    "The app has no such secret",
                    "Show the app to see the ids of its secrets."));
        }
        return Long.parseLong(text);
    }

    private static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidAppException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        } catch (RevisionConflictException conflict) {
            throw Revisions.refusal(conflict);
        } catch (RotationException refused) {
            boolean unknown = refused.reason() == RotationException.Reason.NO_SUCH_SECRET;
            throw refusal(new Problem(
                    unknown ? 404 : 409,
                    refused.reason().id(),
                    unknown ? "The app has no such secret" : "The app's secrets do not allow this now",
                    refused.detail()));
        }
    }

    private static ProblemException refusal(Problem problem) {
        return new ProblemException(problem);
    }
}
