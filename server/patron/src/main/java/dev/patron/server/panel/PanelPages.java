package dev.patron.server.panel;

import dev.patron.server.app.Apps;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.http.Routes;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.member.Members;
import dev.patron.server.options.Options;
import dev.patron.server.script.Scripts;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.session.Sessions;
import dev.patron.server.store.Storefronts;
import dev.patron.server.store.Stores;

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

    /**
     * Pages about the stores and members of this server.
     */
    public PanelPages(
            ConsolePages pages,
            Stores stores,
            Customers customers,
            PasswordLinks passwordLinks,
            Passwords passwords,
            Sessions sessions,
            Apps apps,
            CustomerLogins logins,
            Scripts scripts,
            Members members,
            OneTimeLinks links,
            Disclosures disclosures,
            Options options,
            Storefronts storefronts) {
        PanelStores panel = new PanelStores(stores);
        this.stores = new StorePages(pages, panel, customers, sessions, apps, scripts);
        this.customers = new CustomerPages(pages, panel, customers, passwordLinks, passwords, sessions, storefronts);
        this.sessions = new SessionPages(pages, panel, sessions);
        this.apps = new StoreAppPages(pages, panel, apps, logins);
        this.origins = new OriginPages(pages, panel, apps, members);
        this.ledger = new LedgerPages(pages, panel, disclosures, apps, options.get(Options.LEDGER_DISCLOSURES_KEPT));
        this.scripts = new ScriptPages(pages, panel, scripts, apps);
        this.members = new MembersPages(pages, members, apps, stores, links);
    }

    /** Adds the pages to those of the console. */
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
