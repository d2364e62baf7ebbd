package dev.patron.server.app;

/** A claim that an app may be given beyond those that every token has. None can touch a protected claim. */
public enum ExtraClaim {
    /** {@code jti}: a unique id for each token. */
    JWT_ID("jti"),
    /** {@code channel_id}: the store's channel; 1 until a store has several. */
    CHANNEL_ID("channel_id");

    private final String claim;

    ExtraClaim(String claim) {
        this.claim = claim;
    }

    /** The claim's name. */
    public String claim() {
        return claim;
    }
}
