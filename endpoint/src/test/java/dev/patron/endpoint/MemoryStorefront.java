package dev.patron.endpoint;

import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store with one customer and one app, in memory. */
// tag::storefront[]
final class MemoryStorefront implements Storefront {

    static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";

    private final CurrentCustomerSigner signer =
            CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of("0123456789abcdef".repeat(4)));
    private final InstantSource clock;
    private final List<String> log = new ArrayList<>();
    private boolean away;

    MemoryStorefront(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public LookUp lookUp(EndpointRequest request, @Nullable String clientId, @Nullable String origin) {
        log.add("looked up");
        if (away) {
            throw new UnavailableException("The memory is away", null);
        }
        return new LookUp() {
            @Override
            public boolean isStoreKnown() {
                return request.authority().equals("shop.example");
            }

            @Override
            public String scheme() {
                return "https";
            }

            @Override
            public boolean originMayAsk() {
                return CLIENT_ID.equals(clientId) && "https://pages.example".equals(origin);
            }

            @Override
            public boolean isSignedIn() {
                return request.header("Cookie").orElse("").equals("session=ada");
            }

            @Override
            public boolean isAppAllowed() {
                return CLIENT_ID.equals(clientId);
            }

            @Override
            public Outcome issue(boolean dryRun) {
                if (!dryRun) {
                    log.add("issued");
                }
                return new Outcome.Issued(signer.sign(
                        CurrentCustomerClaims.of(CLIENT_ID, "abc123", 4927, "john.doe@gmail.com", 6, clock.instant())));
            }
        };
    }

    @Override
    public void refused(EndpointRequest request, @Nullable String clientId, Problem problem) {
        log.add("refused " + problem.id() + " to " + clientId);
    }

    @Override
    public void unavailable(EndpointRequest request, @Nullable String clientId, UnavailableException cause) {
        log.add("unavailable to " + clientId);
    }
    // end::storefront[]

    /** Nothing can be looked up any more. */
    void goAway() {
        away = true;
    }

    /** What it was asked and told, in order. */
    List<String> log() {
        return log;
    }
}
