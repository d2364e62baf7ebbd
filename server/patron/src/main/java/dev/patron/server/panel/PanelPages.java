package dev.patron.server.panel;

import dev.patron.server.console.ConsolePages;
import dev.patron.server.http.Routes;
import dev.patron.server.options.Options;
import dev.patron.server.services.Services;
import dev.patron.server.store.Storefronts;

/** The pages of the control panel. */
public final class PanelPages {

    /** What a form says that was made from another revision than the current one. */
    static final String CONFLICT = "Nothing was changed: it was changed meanwhile, in another tab or by somebody else."
            + " The form has what you typed; sending it again makes it so, over that.";

    private final StorePages stores;
    private final CustomerPages customers;
    private final SessionPages sessions;
    private final StoreAppPages apps;
    private final OriginPages origins;
    private final LedgerPages ledger;
    private final ScriptPages scripts;
    private final MembersPages members;

    /** Pages about the stores and members of this server. */
    public PanelPages(ConsolePages pages, Services services, Storefronts storefronts) {
        PanelStores panel = new PanelStores(services.stores);
        stores = new StorePages(pages, panel, services.customers, services.sessions, services.apps, services.scripts);
        customers = new CustomerPages(
                pages,
                panel,
                services.customers,
                services.passwordLinks,
                services.passwords,
                services.sessions,
                storefronts);
        sessions = new SessionPages(pages, panel, services.sessions);
        apps = new StoreAppPages(pages, panel, services.apps, services.logins);
        origins = new OriginPages(pages, panel, services.apps, services.members);
        ledger = new LedgerPages(
                pages,
                panel,
                services.disclosures,
                services.apps,
                services.options.get(Options.LEDGER_DISCLOSURES_KEPT));
        scripts = new ScriptPages(pages, panel, services.scripts, services.apps);
        members = new MembersPages(pages, services.members, services.apps, services.stores, services.links);
    }

    /** Adds the pages to the console's paths. */
    public void addTo(Routes routes) {
        stores.addTo(routes);
        customers.addTo(routes);
        sessions.addTo(routes);
        apps.addTo(routes);
        origins.addTo(routes);
        ledger.addTo(routes);
        scripts.addTo(routes);
        members.addTo(routes);
    }
}
