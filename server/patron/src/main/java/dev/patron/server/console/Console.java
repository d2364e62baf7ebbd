package dev.patron.server.console;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.Passwords;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Routes;
import dev.patron.server.member.MemberSessions;
import dev.patron.server.member.Members;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.options.Options;
import dev.patron.server.page.Pages;
import dev.patron.server.page.StaticFiles;
import dev.patron.server.secret.OneTimeLinks;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What the console listener answers: health, the pages of members' own accounts; its rooms are added to it. */
public final class Console {

    private final ConsolePages pages;
    private final Routes routes = new Routes(Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));

    /**
     * The console of one server.
     *
     * @param ready says whether everything answers that requests need
     */
    public Console(
            BooleanSupplier ready,
            Members members,
            MemberSessions sessions,
            SecondFactor secondFactor,
            AccessTokens tokens,
            OneTimeLinks links,
            Passwords passwords,
            AttemptLimits limits,
            Options options) {
        ConsoleCookie cookie = new ConsoleCookie(options);
        this.pages = new ConsolePages(members, cookie, options);
        routes.on("GET", "/health/live", exchange -> health(exchange, true));
        routes.on("GET", "/health/ready", exchange -> health(exchange, ready.getAsBoolean()));
        routes.on("GET", Pages.STYLESHEET, StaticFiles.of(Pages.class, "storefront.css"));
        routes.on("GET", Pages.ICON, StaticFiles.of(Pages.class, "favicon.svg"));
        routes.on("GET", ConsolePages.STYLESHEET, StaticFiles.of(Console.class, "console.css"));
        routes.on("GET", ConsolePages.SCRIPT, StaticFiles.of(Console.class, "console.js"));
        new MemberPages(pages, cookie, members, sessions, secondFactor, tokens, links, passwords, limits, options)
                .addTo(routes);
        new AccessTokenPages(pages, members, tokens).addTo(routes);
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
