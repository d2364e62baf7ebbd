package dev.patron.server.console;

import dev.patron.server.app.Apps;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Problem;
import dev.patron.server.http.Routes;
import dev.patron.server.sql.Database;
import dev.patron.server.store.Stores;
import java.util.Map;
import java.util.Set;

/** Everything that the console listener answers. */
public final class Console {

    private final Database database;
    private final Routes routes = new Routes(Set.of("GET", "HEAD", "POST", "PATCH"));

    /** The console of one server. */
    public Console(Database database, Stores stores, Apps apps, OperatorToken operator) {
        this.database = database;
        routes.on("GET", "/health/live", exchange -> health(exchange, true));
        routes.on("GET", "/health/ready", exchange -> health(exchange, this.database.answers()));
        new AppsApi(apps).addTo(routes, operator);
        new StoresApi(stores).addTo(routes, operator);
    }

    /** The paths of the console. */
    public Routes routes() {
        return routes;
    }

    /** Shows a problem as RFC 9457 has it. */
    public static void sendProblem(Exchange exchange, Problem problem) {
        Problem.ResponseHeader header = problem.header();
        if (header != null) {
            exchange.with(header.name(), header.value());
        }
        exchange.send(problem.status(), "application/problem+json", problem.toProblemJson());
    }

    private static void health(Exchange exchange, boolean up) {
        exchange.sendJson(up ? 200 : 503, Json.write(Map.of("status", up ? "up" : "down")));
    }
}
