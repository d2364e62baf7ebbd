package dev.patron.sample;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the platform is, and how long the app waits for it.
 *
 * @param address where the management API and the token endpoint are
 * @param app where the app itself is reached by browsers
 * @param timeout for each call
 * @param patience how long the app waits in all when it is told to come again later
 * @param cachedFor how long what a customer bought is kept
 * @param cachedCustomers for how many customers it is kept at most
 */
@ConfigurationProperties("sample.platform")
record PlatformProperties(
        URI address,
        URI app,
        @DefaultValue("3s") Duration timeout,
        @DefaultValue("2s") Duration patience,
        @DefaultValue("60s") Duration cachedFor,
        @DefaultValue("10000") int cachedCustomers) {}
