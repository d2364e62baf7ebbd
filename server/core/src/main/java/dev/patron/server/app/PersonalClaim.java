package dev.patron.server.app;

/**
 * A claim about the customer that an app says it needs. It is told to the operator; tokens carry both, because verifiers of
 * this wire format expect them.
 */
public enum PersonalClaim {
    /** {@code customer.email}. */
    EMAIL("email"),
    /** {@code customer.group_id}. */
    GROUP_ID("group_id");

    private final String claim;

    PersonalClaim(String claim) {
        this.claim = claim;
    }

    /** The claim's name. */
    public String claim() {
        return claim;
    }
}
