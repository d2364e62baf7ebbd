package dev.patron.server.http;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, as far as the browser tells: {@code Origin} (RFC 6454 section 7) and {@code
 * Sec-Fetch-Site} (W3C Fetch Metadata). A page cannot forge either. A request with neither does not come from a
 * browser that could have been tricked: every browser of the last years sends {@code Origin} with a cross-site post.
 *
 * @param origin the {@code Origin} header in lower case, or null
 * @param site the {@code Sec-Fetch-Site} header in lower case, or null
 */
public record RequestOrigin(
        @Nullable String origin, @Nullable String site) {

    /** Reads both headers. */
    public static RequestOrigin of(Exchange exchange) {
        return new RequestOrigin(lowerCase(exchange.header("Origin")), lowerCase(exchange.header("Sec-Fetch-Site")));
    }

    /** Whether the browser names an origin that is not the request's own authority, whatever the scheme. */
    public boolean isForeign(String authority) {
        return origin != null
                && !origin.equals("https://" + authority.toLowerCase(Locale.ROOT))
                && !origin.equals("http://" + authority.toLowerCase(Locale.ROOT));
    }

    /** Whether the browser names an origin with another scheme than the store's. */
    public boolean hasOtherScheme(String scheme) {
        return origin != null && !origin.startsWith(scheme + "://");
    }

    /** Whether the browser says that another origin asks, be it of the same site. */
    public boolean isOther() {
        return site != null && !isProvenOwn();
    }

    /** Whether the browser says that a page of the same origin asks, or the user themselves. */
    public boolean isProvenOwn() {
        return "same-origin".equals(site) || "none".equals(site);
    }

    /** Whether the browser says that a page of the same origin asks, and not the user by an address, a bookmark or a mail. */
    public boolean isSameOrigin() {
        return "same-origin".equals(site);
    }

    /** Whether the browser says that another site asks. */
    public boolean isCrossSite() {
        return site != null && site.contains("cross-site");
    }

    /** Whether the browser says nothing, or no browser asks. */
    public boolean isUnknown() {
        return origin == null && site == null;
    }

    /** Whether nothing says that a page of another origin asks. */
    public boolean isOwn(String authority, String scheme) {
        return !isOther() && !isForeign(authority) && !hasOtherScheme(scheme);
    }

    /**
     * Refuses a change of state that a page of another origin asks for. Sibling origins of the same site are refused
     * too, and so is the same host by another scheme.
     *
     * @throws RefusedException 403 {@code cross_site}
     */
    public void requireOwn(String authority, String scheme) {
        if (!isOwn(authority, scheme)) {
            throw new RefusedException(Problem.CROSS_SITE);
        }
    }

    private static @Nullable String lowerCase(Optional<String> header) {
        return header.map(value -> value.toLowerCase(Locale.ROOT)).orElse(null);
    }
}
