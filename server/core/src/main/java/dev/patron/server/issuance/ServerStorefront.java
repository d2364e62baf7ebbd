package dev.patron.server.issuance;

import dev.patron.endpoint.EndpointRequest;
import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.Storefront;
import dev.patron.endpoint.UnavailableException;
import dev.patron.server.audit.Recorder;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.SessionCookie;
import dev.patron.server.storage.OutageLog;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stores of this server, as the endpoint sees them: storage says who is signed in, and refusals are counted and recorded. */
public final class ServerStorefront implements Storefront {

    private final Issuance issuance;
    private final Stores stores;
    private final Recorder recorder;
    private final Metrics metrics;
    private final OutageLog outages;

    /** Stores of a server. */
    public ServerStorefront(Issuance issuance, Stores stores, Recorder recorder, Metrics metrics, OutageLog outages) {
        this.issuance = issuance;
        this.stores = stores;
        this.recorder = recorder;
        this.metrics = metrics;
        this.outages = outages;
    }

    @Override
    public LookUp lookUp(EndpointRequest request, @Nullable String clientId, @Nullable String origin) {
        String host = Stores.hostOf(request.authority());
        Optional<BearerSecret> session =
                SessionCookie.read(request.header("Cookie").orElse(""));
        // Guests are most of those who ask, and only the store matters of what there is to know.
        if (clientId == null || (session.isEmpty() && origin == null)) {
            return new StoreOnly(stores.atHost(host));
        }
        return issuance.lookUp(host, session.orElse(null), clientId, origin);
    }

    @Override
    public void refused(EndpointRequest request, @Nullable String clientId, Problem problem) {
        metrics.refused(problem.id());
        recorder.refused(Stores.hostOf(request.authority()), clientId, problem.id());
    }

    @Override
    public void unavailable(EndpointRequest request, @Nullable String clientId, UnavailableException cause) {
        outages.report(cause);
        if (!request.method().equals("HEAD")) {
            refused(request, clientId, Problem.UNAVAILABLE);
        }
    }

    /** What is known of a request that names no session or no app: whether there is a store. */
    private record StoreOnly(Optional<Store> store) implements LookUp {

        @Override
        public boolean isStoreKnown() {
            return store.isPresent();
        }

        @Override
        public String scheme() {
            return store.orElseThrow().scheme();
        }

        @Override
        public boolean originMayAsk() {
            return false;
        }

        @Override
        public boolean isSignedIn() {
            return false;
        }

        @Override
        public boolean isAppAllowed() {
            return false;
        }

        @Override
        public Outcome issue(boolean dryRun) {
            return new Outcome.Refused(Problem.NOT_SIGNED_IN);
        }
    }
}
