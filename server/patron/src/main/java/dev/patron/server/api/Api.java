package dev.patron.server.api;

import dev.patron.server.app.Apps;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.doctor.ServerChecks;
import dev.patron.server.http.Routes;
import dev.patron.server.page.StaticFiles;
import dev.patron.server.services.Services;
import dev.patron.server.store.Storefronts;
import dev.patron.server.store.Stores;

/** The paths under {@code /api/v1}, as {@code docs/openapi.yaml} describes them. */
public final class Api {

    private final Services services;
    private final Storefronts storefronts;
    private final Idempotency idempotency;
    private final ComputePool longWork;

    /** The API of one server. */
    public Api(Services services, Storefronts storefronts, Idempotency idempotency, ComputePool longWork) {
        this.services = services;
        this.storefronts = storefronts;
        this.idempotency = idempotency;
        this.longWork = longWork;
    }

    /** Adds its paths to a listener's. */
    public void addTo(Routes routes) {
        Apps apps = services.apps;
        Stores stores = services.stores;
        ApiGuard guard =
                new ApiGuard(OperatorToken.of(services.options), services.accessTokens, apps, stores, idempotency);
        routes.on("GET", "/api/v1/openapi.yaml", StaticFiles.of(Api.class, "openapi.yaml"));
        new AppsApi(apps).addTo(routes, guard);
        new SecretsApi(services.rotation).addTo(routes, guard);
        new ActivityApi(services.activity, services.clock).addTo(routes, guard);
        new TokensApi(apps, services.inspector).addTo(routes, guard);
        new StoresApi(stores).addTo(routes, guard);
        new CustomersApi(storefronts, services.customers, services.passwords, services.passwordLinks)
                .addTo(routes, guard);
        new SessionsApi(services.sessions).addTo(routes, guard);
        new DisclosuresApi(services.disclosures).addTo(routes, guard);
        new StoreAppsApi(apps, services.logins).addTo(routes, guard);
        new OriginsApi(apps, stores).addTo(routes, guard);
        new ScriptsApi(services.scripts).addTo(routes, guard);
        new MembersApi(services.members, stores, services.links, services.options, services.clock).addTo(routes, guard);
        new DiagnosticsApi(new ServerChecks(services.database, apps, services.options, services.clock))
                .addTo(routes, guard);
        new MetricsApi(services.metrics).addTo(routes, guard);
        new BackupApi(services.database, longWork, services.options).addTo(routes, guard);
    }
}
