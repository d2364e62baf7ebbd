package dev.patron.endpoint.contract;

import java.time.InstantSource;

/**
 * A storefront that is tried: it listens at {@code localhost}, is reached by http, and has a customer and two apps, one of which lists an
 * origin that is approved.
 */
public interface ContractStorefront extends AutoCloseable {

    /** More requests than a session may send in a moment. */
    int MANY = 2000;

    /**
     * Whether its HTTP server refuses malformed addresses itself, before the endpoint sees them. The text and headers of such an
     * answer are then not tried.
     */
    default boolean refusesMalformedAddresses() {
        return false;
    }

    /** The port that it listens to. */
    int port();

    /** The store's hash. */
    String storeHash();

    /** What it takes for the time. */
    InstantSource clock();

    /** An app that lists no origin. */
    String clientId();

    /** The app's secret. */
    String clientSecret();

    /** An app that lists {@link #listedOrigin()}. */
    String listingClientId();

    /** An origin that may ask for tokens of {@link #listingClientId()}. */
    String listedOrigin();

    /** The customer's id. */
    long customerId();

    /** The customer's address. */
    String email();

    /** Signs the customer in; the value for a {@code Cookie} header. */
    String signIn();

    /** Ends the session of a cookie. */
    void signOut(String cookie);

    /** Sees to it that of the next {@value #MANY} requests with a cookie one is refused, since there have been too many. */
    void limit(String cookie);

    /** Takes away what says who is signed in. */
    void takeStorageAway();

    /** Gives it back. */
    void giveStorageBack();

    @Override
    void close();
}
