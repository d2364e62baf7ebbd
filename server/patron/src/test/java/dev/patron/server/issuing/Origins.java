package dev.patron.server.issuing;

/** What the one query of issuing says of an origin, for the tests of other packages. */
public final class Origins {

    private Origins() {}

    /** Whether pages of an origin may ask for an app's tokens at the store of a host. */
    public static boolean mayAsk(Issuing issuing, String clientId, String origin, String host) {
        return issuing.lookUp(host, null, clientId, origin).originMayAsk();
    }
}
