package dev.patron.server.developers;

import dev.patron.server.console.ConsolePages;
import dev.patron.server.http.Routes;
import dev.patron.server.services.Services;

/** The pages of the developer portal. */
public final class DeveloperPages {

    private final AppListPages list;
    private final SettingsPages settings;
    private final SecretsPages secrets;
    private final TryPages trying;
    private final ActivityPages activity;
    private final InspectorPages inspection;

    /** Pages about the apps of this server. */
    public DeveloperPages(ConsolePages pages, Services services) {
        OwnApps ownApps = new OwnApps(services.apps);
        list = new AppListPages(pages, ownApps, services.members);
        settings = new SettingsPages(pages, ownApps, services.stores, services.members);
        secrets = new SecretsPages(pages, ownApps, services.rotation, services.clock);
        trying = new TryPages(
                pages, ownApps, services.stores, services.customers, services.testTokens, services.inspector);
        activity = new ActivityPages(pages, ownApps, services.activity, services.clock);
        inspection = new InspectorPages(pages, ownApps, services.inspector);
    }

    /** Adds the pages to the console's paths. */
    public void addTo(Routes routes) {
        list.addTo(routes);
        settings.addTo(routes);
        secrets.addTo(routes);
        trying.addTo(routes);
        activity.addTo(routes);
        inspection.addTo(routes);
    }
}
