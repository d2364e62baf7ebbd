package dev.patron.server.api;

import dev.patron.server.access.Action;
import dev.patron.server.doctor.Finding;
import dev.patron.server.doctor.ServerChecks;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Routes;
import java.util.Locale;
import java.util.Map;

/** {@code /api/v1/diagnostics}: what the server finds when it examines itself, for {@code ./patron doctor}. */
final class DiagnosticsApi {

    private final ServerChecks serverChecks;

    DiagnosticsApi(ServerChecks serverChecks) {
        this.serverChecks = serverChecks;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", "/api/v1/diagnostics", guard.server(Action.EXAMINE, this::examine));
    }

    private void examine(Exchange exchange) {
        exchange.sendJson(
                200,
                Json.write(Map.of(
                        "findings",
                        serverChecks.examine().stream()
                                .map(DiagnosticsApi::members)
                                .toList())));
    }

    private static Map<String, Object> members(Finding finding) {
        return Map.of(
                "level", finding.level().name().toLowerCase(Locale.ROOT),
                "id", finding.id(),
                "found", finding.found(),
                "cure", finding.cure());
    }
}
