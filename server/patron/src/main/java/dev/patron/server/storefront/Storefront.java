package dev.patron.server.storefront;

import dev.patron.endpoint.CurrentCustomerEndpoint;
import dev.patron.server.account.AccountPages;
import dev.patron.server.http.Routes;
import dev.patron.server.issuance.ServerStorefront;
import dev.patron.server.page.BrowserSessions;
import dev.patron.server.page.Pages;
import dev.patron.server.page.Theme;
import dev.patron.server.page.Visitors;
import dev.patron.server.services.Services;
import dev.patron.server.storage.OutageLog;
import java.util.Set;

/** What the storefront listener answers: the endpoint, accounts, signing in by a token, the files that pages load. */
public final class Storefront {

    private final Pages pages;
    private final Routes routes = new Routes(Set.of("GET", "HEAD", "POST"));

    /** The storefront of one server. */
    public Storefront(Services services, Theme theme) {
        pages = new Pages(
                services.stores,
                new Visitors(services.sessions, services.customers, services.lastSeen, services.clock),
                services.scripts,
                theme);
        ServerStorefront stores = new ServerStorefront(
                services.issuance, services.stores, services.recorder, services.metrics, new OutageLog(services.clock));
        CurrentJwt endpoint = new CurrentJwt(stores, services.metrics);
        routes.on("GET", CurrentCustomerEndpoint.PATH, endpoint).on("POST", CurrentCustomerEndpoint.PATH, endpoint);
        Pages.addFilesTo(routes);
        BrowserSessions browserSessions = new BrowserSessions(services.sessions, services.sessionLimits);
        new LoginTokenPage(pages, services.logins, browserSessions, services.recorder).addTo(routes);
        new AccountPages(
                        pages,
                        services.customers,
                        services.sessions,
                        services.passwords,
                        services.passwordLinks,
                        services.customerAttempts,
                        browserSessions)
                .addTo(routes);
    }

    /** Its pages, for adding further ones. */
    public Pages pages() {
        return pages;
    }

    /** Its paths, to be added to. */
    public Routes routes() {
        return routes;
    }
}
