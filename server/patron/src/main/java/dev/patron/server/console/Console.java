package dev.patron.server.console;

import dev.patron.endpoint.Problem;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Routes;
import dev.patron.server.page.Pages;
import dev.patron.server.page.StaticFiles;
import dev.patron.server.services.Services;
import java.util.Map;
import java.util.Set;

/** What the console listener answers: health, the pages of members' own accounts; its rooms are added to it. */
public final class Console {

    private final ConsolePages pages;
    private final Routes routes = new Routes(Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));

    /** The console of one server. */
    public Console(Services services) {
        ConsoleCookie cookie = new ConsoleCookie(services.options);
        this.pages = new ConsolePages(services.members, cookie, services.options);
        routes.on("GET", "/health/live", exchange -> health(exchange, true));
        routes.on("GET", "/health/ready", exchange -> health(exchange, services.isReady()));
        routes.on("GET", Pages.STYLESHEET, StaticFiles.of(Pages.class, "storefront.css"));
        routes.on("GET", Pages.ICON, StaticFiles.of(Pages.class, "favicon.svg"));
        routes.on("GET", ConsolePages.STYLESHEET, StaticFiles.of(Console.class, "console.css"));
        routes.on("GET", ConsolePages.SCRIPT, StaticFiles.of(Console.class, "console.js"));
        new MemberPages(pages, cookie, services).addTo(routes);
        new AccessTokenPages(pages, services.members, services.accessTokens).addTo(routes);
    }

    /** The paths of the console, to be added to. */
    public Routes routes() {
        return routes;
    }

    /** The frame of its pages. */
    public ConsolePages pages() {
        return pages;
    }

    /** Shows a problem. */
    public void sendProblem(Exchange exchange, Problem problem) {
        pages.sendProblem(exchange, problem);
    }

    private static void health(Exchange exchange, boolean up) {
        exchange.sendJson(up ? 200 : 503, Json.write(Map.of("status", up ? "up" : "down")));
    }
}
