package dev.patron.sandbox.management;

import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.store.Stores;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Lets calls in: with an access token of the store, whose scopes cover what is asked, within the rate. Every refusal has the shape of
 * its version of the API.
 */
final class Guard {

    private static final int STORE_HASH = 1;
    private static final String TOKEN = "X-Auth-Token";

    private final Grants grants;
    private final Stores stores;
    private final RateLimit rate;

    Guard(Grants grants, Stores stores, RateLimit rate) {
        this.grants = grants;
        this.stores = stores;
        this.rate = rate;
    }

    /** Answers a call. */
    @FunctionalInterface
    interface Resource {
        void answer(Call call);
    }

    /** What only reads. */
    Handler read(Version version, Area area, Resource resource) {
        return guarded(version, resource, area::mayRead);
    }

    /** What changes something. */
    Handler change(Version version, Area area, Resource resource) {
        return guarded(version, resource, area::mayChange);
    }

    private interface Permission {
        boolean holds(Grant grant);
    }

    private Handler guarded(Version version, Resource resource, Permission permission) {
        return exchange -> {
            try {
                Grant grant = grant(exchange);
                count(exchange, grant);
                if (!permission.holds(grant)) {
                    throw new Refusal(403, "Your credentials do not have the scope that this needs.");
                }
                if (!acceptsJson(exchange.header("Accept").orElse(""))) {
                    throw new Refusal(406, "The answer is JSON: accept application/json.");
                }
                resource.answer(new Call(exchange, version, grant));
            } catch (Refusal refusal) {
                Call.send(exchange, refusal.status(), version.describe(refusal));
            }
        };
    }

    private Grant grant(Exchange exchange) {
        Optional<Grant> grant = exchange.header(TOKEN).flatMap(grants::find);
        // A token says nothing about other stores, not even whether they exist.
        return grant.filter(found -> found.storeHash().equals(exchange.segment(STORE_HASH)))
                .filter(found -> stores.find(found.storeHash()).isPresent())
                .orElseThrow(() ->
                        new Refusal(401, "X-Auth-Token must have an access token that this store gave to your app."));
    }

    private void count(Exchange exchange, Grant grant) {
        RateLimit.Left left = rate.count(grant);
        exchange.with("X-Rate-Limit-Time-Window-Ms", Long.toString(rate.length().toMillis()))
                .with("X-Rate-Limit-Time-Reset-Ms", Long.toString(left.reset().toMillis()))
                .with("X-Rate-Limit-Requests-Quota", Integer.toString(rate.quota()))
                .with("X-Rate-Limit-Requests-Left", Integer.toString(left.requests()));
        if (left.exceeded()) {
            exchange.with(
                    "X-Retry-After",
                    Long.toString(Math.max(1, left.reset().plusMillis(999).toSeconds())));
            throw new Refusal(429, "You have made too many requests: wait as many seconds as X-Retry-After says.");
        }
    }

    private static boolean acceptsJson(String accept) {
        return accept.isBlank()
                || Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(range -> range.split(";", 2)[0].strip())
                        .anyMatch(range -> range.equals("*/*")
                                || range.equals("application/*")
                                || range.equals("application/json"));
    }
}
