package dev.patron.endpoint;

import java.util.Optional;

/** A request as it came over the wire, as far as the endpoint needs it. The body does not matter. */
public interface EndpointRequest {

    /**
     * The method, as it was sent: methods are case-sensitive (RFC 9110 section 9.1).
     *
     * @return such as {@code GET}
     */
    String method();

    /**
     * The request target, as it was sent: path and query, neither decoded nor normalised.
     *
     * @return such as {@code /customer/current.jwt?app_client_id=…}
     */
    String target();

    /**
     * The host that the browser asked, with a port if it named one: the {@code Host} header, or what a proxy that is trusted says in
     * its place.
     *
     * @return such as {@code shop.example} or {@code localhost:8080}
     */
    String authority();

    /**
     * A header.
     *
     * @param name in any case
     * @return its value, empty when it was not sent; several values are joined by {@code ", "}, those of {@code Cookie} by {@code "; "}
     */
    Optional<String> header(String name);
}
