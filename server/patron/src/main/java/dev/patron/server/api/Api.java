package dev.patron.server.api;

import dev.patron.server.access.AccessTokens;
import dev.patron.server.app.Apps;
import dev.patron.server.app.Rotation;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.doctor.ServerChecks;
import dev.patron.server.http.Routes;
import dev.patron.server.inspection.Inspector;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.member.Members;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.Options;
import dev.patron.server.page.StaticFiles;
import dev.patron.server.script.Scripts;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import dev.patron.server.store.Storefronts;
import dev.patron.server.store.Stores;
import java.time.InstantSource;

/** The paths under {@code /api/v1}, as {@code docs/openapi.yaml} describes them. */
public final class Api {

    private final Database database;
    private final OperatorToken operator;
    private final AccessTokens tokens;
    private final Stores stores;
    private final Apps apps;
    private final CustomerLogins logins;
    private final Rotation rotation;
    private final Inspector inspector;
    private final Scripts scripts;
    private final Customers customers;
    private final Passwords passwords;
    private final PasswordLinks passwordLinks;
    private final Storefronts storefronts;
    private final Sessions sessions;
    private final Disclosures disclosures;
    private final Activity activity;
    private final Members members;
    private final OneTimeLinks links;
    private final Options options;
    private final ComputePool longWork;
    private final ServerChecks serverChecks;
    private final InstantSource clock;
    private final Idempotency idempotency;
    private final Metrics metrics;

    /** The API of one server. */
    public Api(
            Database database,
            OperatorToken operator,
            AccessTokens tokens,
            Stores stores,
            Apps apps,
            CustomerLogins logins,
            Rotation rotation,
            Inspector inspector,
            Scripts scripts,
            Customers customers,
            Passwords passwords,
            PasswordLinks passwordLinks,
            Storefronts storefronts,
            Sessions sessions,
            Disclosures disclosures,
            Activity activity,
            Members members,
            OneTimeLinks links,
            Options options,
            ComputePool longWork,
            ServerChecks serverChecks,
            InstantSource clock,
            Idempotency idempotency,
            Metrics metrics) {
        this.database = database;
        this.operator = operator;
        this.tokens = tokens;
        this.stores = stores;
        this.apps = apps;
        this.logins = logins;
        this.rotation = rotation;
        this.inspector = inspector;
        this.scripts = scripts;
        this.customers = customers;
        this.passwords = passwords;
        this.passwordLinks = passwordLinks;
        this.storefronts = storefronts;
        this.sessions = sessions;
        this.disclosures = disclosures;
        this.activity = activity;
        this.members = members;
        this.links = links;
        this.options = options;
        this.longWork = longWork;
        this.serverChecks = serverChecks;
        this.clock = clock;
        this.idempotency = idempotency;
        this.metrics = metrics;
    }

    /** Adds its paths to a listener's. */
    public void addTo(Routes routes) {
        ApiGuard guard = new ApiGuard(operator, tokens, apps, stores, idempotency);
        routes.on("GET", "/api/v1/openapi.yaml", StaticFiles.of(Api.class, "openapi.yaml"));
        new AppsApi(apps).addTo(routes, guard);
        new SecretsApi(rotation).addTo(routes, guard);
        new ActivityApi(activity, clock).addTo(routes, guard);
        new TokensApi(apps, inspector).addTo(routes, guard);
        new StoresApi(stores).addTo(routes, guard);
        new CustomersApi(storefronts, customers, passwords, passwordLinks).addTo(routes, guard);
        new SessionsApi(sessions).addTo(routes, guard);
        new DisclosuresApi(disclosures).addTo(routes, guard);
        new StoreAppsApi(apps, logins).addTo(routes, guard);
        new OriginsApi(apps, stores).addTo(routes, guard);
        new ScriptsApi(scripts).addTo(routes, guard);
        new MembersApi(members, stores, links, options, clock).addTo(routes, guard);
        new DiagnosticsApi(serverChecks).addTo(routes, guard);
        new MetricsApi(metrics).addTo(routes, guard);
        new BackupApi(database, longWork, options).addTo(routes, guard);
    }
}
