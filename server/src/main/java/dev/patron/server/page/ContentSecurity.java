package dev.patron.server.page;

/** What a page may load, run and be framed by (W3C Content Security Policy Level 3). */
public enum ContentSecurity {

    /** Pages that take passwords or show an account: nothing from elsewhere, nothing inline. */
    STRICT("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),

    /** Shop pages, and no others: the merchant's scripts run there, wherever they come from. */
    MERCHANT("object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");

    private final String policy;

    ContentSecurity(String policy) {
        this.policy = policy;
    }

    /** The value of the {@code Content-Security-Policy} header. */
    public String policy() {
        return policy;
    }
}
