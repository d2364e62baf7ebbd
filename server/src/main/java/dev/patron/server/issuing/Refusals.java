package dev.patron.server.issuing;

import dev.patron.server.http.Problem;

/** The reasons why there is no token, beside those that every request shares. */
final class Refusals {

    static final Problem MISSING_CLIENT_ID = new Problem(
            400,
            "missing_client_id",
            "The app's client id is missing",
            "Ask for /customer/current.jwt?app_client_id={client id}, with the app's client id.");

    static final Problem MALFORMED_CLIENT_ID = new Problem(
            400,
            "malformed_client_id",
            "The app's client id is malformed",
            "Send app_client_id once, with 20 to 64 of the characters A-Z, a-z and 0-9.");

    static final Problem UNKNOWN_APP = new Problem(
            403,
            "unknown_app",
            "The app is not known at this store",
            "Check the client id; if it is right, the app is disabled by its owner, blocked by an operator, or barred at this"
                    + " store.");

    static final Problem NOT_SIGNED_IN = new Problem(
            404, "not_signed_in", "Nobody is signed in", "Sign in to the store in this browser, then ask again.");

    private Refusals() {}
}
