package dev.patron.endpoint;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
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

    /**
     * Reads both headers.
     *
     * @param header gives a header's value
     * @return what they say
     */
    public static RequestOrigin of(Function<String, Optional<String>> header) {
        return new RequestOrigin(lowerCase(header.apply("Origin")), lowerCase(header.apply("Sec-Fetch-Site")));
    }

    /**
     * Whether the browser names an origin that is not the request's own authority, whatever the scheme.
     *
     * @param authority the host that was asked, with a port if one was named
     * @return whether it does
     */
    public boolean isForeign(String authority) {
        return origin != null
                && !origin.equals("https://" + authority.toLowerCase(Locale.ROOT))
                && !origin.equals("http://" + authority.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether the browser names an origin with another scheme than the store's.
     *
     * @param scheme the scheme of the store's own pages
     * @return whether it does
     */
    public boolean hasOtherScheme(String scheme) {
        return origin != null && !origin.startsWith(scheme + "://");
    }

    /**
     * Whether the browser says that another origin asks, be it of the same site.
     *
     * @return whether it does
     */
    public boolean isOther() {
        return site != null && !isProvenOwn();
    }

    /**
     * Whether the browser says that a page of the same origin asks, or the user themselves.
     *
     * @return whether it does
     */
    public boolean isProvenOwn() {
        return "same-origin".equals(site) || "none".equals(site);
    }

    /**
     * Whether the browser says that a page of the same origin asks, and not the user by an address, a bookmark or a mail.
     *
     * @return whether it does
     */
    public boolean isSameOrigin() {
        return "same-origin".equals(site);
    }

    /**
     * Whether the browser says that another site asks.
     *
     * @return whether it does
     */
    public boolean isCrossSite() {
        return site != null && site.contains("cross-site");
    }

    /**
     * Whether the browser says nothing, or no browser asks.
     *
     * @return whether it does
     */
    public boolean isUnknown() {
        return origin == null && site == null;
    }

    /**
     * Whether nothing says that a page of another origin asks. Sibling origins of the same site are others, and so is the same host by
     * another scheme.
     *
     * @param authority the host that was asked, with a port if one was named
     * @param scheme the scheme of the store's own pages
     * @return whether nothing does
     */
    public boolean isOwn(String authority, String scheme) {
        return !isOther() && !isForeign(authority) && !hasOtherScheme(scheme);
    }

    private static @Nullable String lowerCase(Optional<String> header) {
        return header.map(value -> value.toLowerCase(Locale.ROOT)).orElse(null);
    }
}
