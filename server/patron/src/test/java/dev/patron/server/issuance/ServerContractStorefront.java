package dev.patron.server.issuance;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.server.TestServer;
import dev.patron.token.JwsAlgorithm;
import java.time.InstantSource;
import java.util.Set;

/** The server, for the contract suite. */
final class ServerContractStorefront implements ContractStorefront {

    private static final String LISTING_APP = "listing000000000000000000000000";
    private static final String LISTED = "https://headless.example:8443";

    private final TestServer server = TestServer.start(
            "patron.database.wait=250ms", "patron.issuing.tokens-per-minute=" + ContractStorefront.MANY / 2);

    ServerContractStorefront() {
        server.addApp(LISTING_APP, JwsAlgorithm.HS256, Set.of(), Set.of(LISTED));
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public String storeHash() {
        return TestServer.STORE;
    }

    @Override
    public InstantSource clock() {
        return server.clock();
    }

    @Override
    public String clientId() {
        return TestServer.CLIENT_ID;
    }

    @Override
    public String clientSecret() {
        return TestServer.CLIENT_SECRET;
    }

    @Override
    public String listingClientId() {
        return LISTING_APP;
    }

    @Override
    public String listedOrigin() {
        return LISTED;
    }

    @Override
    public long customerId() {
        return TestServer.CUSTOMER_ID;
    }

    @Override
    public String email() {
        return TestServer.EMAIL;
    }

    @Override
    public String signIn() {
        return server.signIn();
    }

    @Override
    public void signOut(String cookie) {
        server.call("POST", "/login.php?action=logout").with("Cookie", cookie).send();
    }

    @Override
    public void limit(String cookie) {
        // So many requests are too many by themselves.
    }

    @Override
    public void takeStorageAway() {
        server.breakStorage();
    }

    @Override
    public void giveStorageBack() {
        server.mendStorage();
        // The pool takes its time to try again; each call waits for it.
        for (int i = 0; i < 100; i++) {
            if (server.call("GET", TestServer.CURRENT_JWT).send().status() != 503) {
                return;
            }
        }
        throw new IllegalStateException("Storage does not come back");
    }

    @Override
    public void close() {
        server.close();
    }
}
