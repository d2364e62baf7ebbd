package dev.patron.server.app;

import dev.patron.token.ClientSecret;

/**
 * A client secret itself, with what may be known of it. {@link #toString()} does not tell it.
 *
 * @param value for verifying, never for showing
 */
public record OpenedSecret(AppSecret about, ClientSecret value) {}
