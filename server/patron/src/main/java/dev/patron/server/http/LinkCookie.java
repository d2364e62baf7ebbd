package dev.patron.server.http;

import dev.patron.endpoint.Problem;
import dev.patron.server.text.Cookies;
import java.time.Duration;

/**
 * The cookie that holds a one-time link while its page is open, so that no address, {@code Referer} or log has it. It works for
 * 15 minutes. {@code HttpOnly}, {@code SameSite=Lax} (a link in a mail is a visit from another site), {@code Path=/}, without a
 * {@code Domain}; over https it is {@code Secure} and has the prefix {@code __Host-}, so that no sibling domain can plant one.
 * Immutable.
 */
public final class LinkCookie {

    /** For how long the browser keeps it. */
    public static final Duration VALIDITY = Duration.ofMinutes(15);

    /** What a page says that has no link to work with. */
    public static final Problem MISSING = new Problem(
            400,
            "link_cookie_missing",
            "Open your link again",
            "This page needs the cookie that the link sets for 15 minutes, and your browser did not send it. Allow cookies"
                    + " for this site, and open the link that you were given once more.");

    /** The form field that says which link the page with the form belongs to, by its fingerprint. */
    public static final String FINGERPRINT = "link_fingerprint";

    private static final Problem OTHER = new Problem(
            409,
            "link_replaced",
            "Another link was opened after this page",
            "This form belongs to another link than the one that was opened last in this browser. Nothing has been changed."
                    + " Open the link that you want to use once more, and fill in its form.");

    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";

    private final String name;
    private final String attributes;

    /**
     * A cookie.
     *
     * @param name its name, without a prefix
     * @param https whether browsers reach the pages by https
     */
    public LinkCookie(String name, boolean https) {
        this.name = https ? "__Host-" + name : name;
        this.attributes = https ? ATTRIBUTES + "; Secure" : ATTRIBUTES;
    }

    /**
     * The link that it holds.
     *
     * @throws ProblemException 400 {@code link_cookie_missing}
     */
    public String read(Exchange exchange) {
        return Cookies.single(exchange.cookies(), name)
                .filter(link -> !link.isEmpty())
                .orElseThrow(() -> new ProblemException(MISSING));
    }

    /**
     * Refuses a form that belongs to another link than the cookie does: both may be open in one browser, for two accounts.
     *
     * @param fingerprint that of the link in the cookie
     * @param field what the form says, or an empty string
     * @throws ProblemException 409 {@code link_replaced}
     */
    public static void requireSame(String fingerprint, String field) {
        if (!fingerprint.equals(field)) {
            throw new ProblemException(OTHER);
        }
    }

    /** Takes the link out of the address: hands it to the browser, instead of an earlier one, and goes on to a clean path. */
    public void exchange(Exchange exchange, String link, String cleanPath) {
        exchange.withCookie(name + "=" + link + attributes + "; Max-Age=" + VALIDITY.toSeconds())
                .with("Referrer-Policy", "no-referrer")
                .redirect(cleanPath);
    }

    /** Takes it from the browser with the answer, beside the cookies that were set before. */
    public void end(Exchange exchange) {
        exchange.withCookie(name + "=" + attributes + "; Max-Age=0");
    }
}
