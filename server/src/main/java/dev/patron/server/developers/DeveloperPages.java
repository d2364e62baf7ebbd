package dev.patron.server.developers;

import dev.patron.server.app.Apps;
import dev.patron.server.app.Rotation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Members;
import java.time.InstantSource;

/** The pages of the developer portal. */
public final class DeveloperPages {

    private final AppListPages list;
    private final SettingsPages settings;
    private final SecretsPages secrets;

    /** Pages about the apps of this server. */
    public DeveloperPages(ConsolePages pages, Apps apps, Rotation rotation, Members members, InstantSource clock) {
        OwnApps ownApps = new OwnApps(apps);
        list = new AppListPages(pages, ownApps, members);
        settings = new SettingsPages(pages, ownApps);
        secrets = new SecretsPages(pages, ownApps, rotation, clock);
    }

    /** Adds the pages to those of the console. */
    public void addTo(Routes routes) {
        list.addTo(routes);
        settings.addTo(routes);
        secrets.addTo(routes);
    }
}
