package dev.patron.server.page;

/** What a page may load, run and be framed by (W3C Content Security Policy Level 3). */
public enum ContentSecurity {

    /** Pages that take passwords or show an account: nothing from elsewhere, nothing inline. */
    STRICT("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),

    /** Shop pages, and no others: the merchant's scripts run there, wherever they come from. */
    MERCHANT("object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");

    private static final String OWN_FORMS = "form-action 'self'";

    private final String policy;

    ContentSecurity(String policy) {
        this.policy = policy;
    }

    /** As {@link #STRICT}, but a form may lead to another origin, such as {@code https://app.example}, at the end of its redirects. */
    public static String strictWithFormTo(String origin) {
        if (!origin.matches("https?://[A-Za-z0-9.:\\[\\]-]+")) {
            throw new IllegalArgumentException("Not an origin");
        }
        return STRICT.policy.replace(OWN_FORMS, OWN_FORMS + " " + origin);
    }

    /** The value of the {@code Content-Security-Policy} header. */
    public String policy() {
        return policy;
    }
}
