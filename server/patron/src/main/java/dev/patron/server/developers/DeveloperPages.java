package dev.patron.server.developers;

import dev.patron.server.app.Apps;
import dev.patron.server.app.Rotation;
import dev.patron.server.audit.Activity;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.customer.Customers;
import dev.patron.server.http.Routes;
import dev.patron.server.inspection.Inspector;
import dev.patron.server.issuance.TestTokens;
import dev.patron.server.member.Members;
import dev.patron.server.store.Stores;
import java.time.InstantSource;

/** The pages of the developer portal. */
public final class DeveloperPages {

    private final AppListPages list;
    private final SettingsPages settings;
    private final SecretsPages secrets;
    private final TryPages trying;
    private final ActivityPages activity;
    private final InspectorPages inspection;

    /** Pages about the apps of this server. */
    public DeveloperPages(
            ConsolePages pages,
            Apps apps,
            Rotation rotation,
            Members members,
            Stores stores,
            Customers customers,
            TestTokens testTokens,
            Activity ledger,
            InstantSource clock) {
        OwnApps ownApps = new OwnApps(apps);
        Inspector inspector = new Inspector(rotation, clock);
        list = new AppListPages(pages, ownApps, members);
        settings = new SettingsPages(pages, ownApps, stores, members);
        secrets = new SecretsPages(pages, ownApps, rotation, clock);
        trying = new TryPages(pages, ownApps, stores, customers, testTokens, inspector);
        activity = new ActivityPages(pages, ownApps, ledger, clock);
        inspection = new InspectorPages(pages, ownApps, inspector);
    }

    /** Adds the pages to those of the console. */
    public void addTo(Routes routes) {
        list.addTo(routes);
        settings.addTo(routes);
        secrets.addTo(routes);
        trying.addTo(routes);
        activity.addTo(routes);
        inspection.addTo(routes);
    }
}
