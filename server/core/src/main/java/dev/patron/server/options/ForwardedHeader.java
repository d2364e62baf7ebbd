package dev.patron.server.options;

/** The headers by which proxies say for whom they ask. One of them counts: proxies pass the others on as they came. */
public enum ForwardedHeader {
    /** {@code X-Forwarded-For} and {@code X-Forwarded-Host}. */
    X_FORWARDED,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED
}
