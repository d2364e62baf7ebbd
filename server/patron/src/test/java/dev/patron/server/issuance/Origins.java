package dev.patron.server.issuance;

/** What the one query of issuing says of an origin, for the tests of other packages. */
public final class Origins {

    private Origins() {}

    /** Whether pages of an origin may ask for an app's tokens at the store of a host. */
    public static boolean mayAsk(Issuance issuance, String clientId, String origin, String host) {
        return issuance.lookUp(host, null, clientId, origin).originMayAsk();
    }
}
