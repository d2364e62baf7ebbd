package dev.patron.testkit;

import dev.patron.endpoint.contract.ContractStorefront;
import java.time.InstantSource;

/** The store of the test kit, for the contract suite. */
final class TestKitContractStorefront implements ContractStorefront {

    private static final TestApp LISTING_APP = TestApp.random();
    private static final String LISTED = "https://headless.example:8443";

    private final PatronStorefront store = PatronStorefront.builder()
            .app(TestApp.random())
            .app(LISTING_APP)
            .allowOrigin(LISTING_APP, LISTED)
            .build()
            .start();

    @Override
    public boolean refusesMalformedAddresses() {
        return true;
    }

    @Override
    public int port() {
        return store.url().getPort();
    }

    @Override
    public String storeHash() {
        return store.storeHash();
    }

    @Override
    public InstantSource clock() {
        return store.clock();
    }

    @Override
    public String clientId() {
        return store.app().clientId();
    }

    @Override
    public String clientSecret() {
        return store.app().clientSecret();
    }

    @Override
    public String listingClientId() {
        return LISTING_APP.clientId();
    }

    @Override
    public String listedOrigin() {
        return LISTED;
    }

    @Override
    public long customerId() {
        return TestCustomer.DEFAULT.id();
    }

    @Override
    public String email() {
        return TestCustomer.DEFAULT.email();
    }

    @Override
    public String signIn() {
        return store.signIn(TestCustomer.DEFAULT);
    }

    @Override
    public void signOut(String cookie) {
        store.signOut(cookie);
    }

    @Override
    public void limit(String cookie) {
        store.fail(Fault.rateLimited(7), 1);
    }

    @Override
    public void takeStorageAway() {
        store.fail(Fault.unavailable(), 1);
    }

    @Override
    public void giveStorageBack() {
        store.clearFaults();
    }

    @Override
    public void close() {
        store.close();
    }
}
