package dev.patron.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind the endpoint: the stores, who is signed in there, and the apps. The endpoint asks it at most once for each request.
 * Implementations are thread-safe.
 */
public interface Storefront {

    /**
     * Looks up everything that an answer depends on, anew for this request: a sign-out, or an app's new secret, counts from the next
     * request on.
     *
     * @param request the request, whose host names the store, and whose cookies may name a session
     * @param clientId the app that is asked for; null when the request names none that may be one
     * @param origin the origin that the browser names, in lower case; null when it names none
     * @return what is known
     * @throws UnavailableException when it cannot be known now
     */
    LookUp lookUp(EndpointRequest request, @Nullable String clientId, @Nullable String origin);

    /**
     * Records that a request was refused. It is not called for a {@code HEAD}, which reveals no token, nor for another path, another
     * method or a query that cannot be read.
     *
     * @param request the request
     * @param clientId the app that was asked for; null when the request names none that may be one
     * @param problem the reason
     */
    void refused(EndpointRequest request, @Nullable String clientId, Problem problem);

    /**
     * Records that a request was answered 503 because a look-up or the issuing failed. It is called for a {@code HEAD}, too.
     *
     * @param request the request
     * @param clientId the app that was asked for; null when the request names none that may be one
     * @param cause why it could not
     */
    void unavailable(EndpointRequest request, @Nullable String clientId, UnavailableException cause);

    /** What a storefront knows of a request. Belongs to the request's thread. */
    interface LookUp {

        /**
         * Whether a store is served at the host.
         *
         * @return whether one is
         */
        boolean isStoreKnown();

        /**
         * The scheme of the store's own pages; asked for only when there is a store, and an origin was looked up.
         *
         * @return {@code http} or {@code https}
         */
        String scheme();

        /**
         * Whether the store lets pages of the origin ask for the app's tokens; false when there was no origin or no app to look up.
         *
         * @return whether it does
         */
        boolean originMayAsk();

        /**
         * Whether the request belongs to a customer of the store who is signed in.
         *
         * @return whether it does
         */
        boolean isSignedIn();

        /**
         * Whether the app may have tokens of the store's customers.
         *
         * @return false when it is unknown, disabled, or not allowed here
         */
        boolean isAppAllowed();

        /**
         * Makes a token and writes down that it was made; called only when somebody is signed in and the app is allowed.
         *
         * @param dryRun whether the token is thrown away, so that nothing is written down
         * @return the token, or 429 when there have been too many, or 503 when it cannot be written down
         * @throws UnavailableException when storage fails
         */
        Outcome issue(boolean dryRun);
    }
}
