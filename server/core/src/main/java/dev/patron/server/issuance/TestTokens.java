package dev.patron.server.issuance;

import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Outcome.Refused;
import dev.patron.endpoint.Problem;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Tokens to try an app with: what a store would vouch for if a customer were signed in there now. They are as good as any other,
 * so whoever asks for one has to be allowed to learn about the customer: that is decided before. Thread-safe.
 */
public final class TestTokens {

    private final IssuanceReader reader;
    private final TokenIssuer issuer;
    private final InstantSource clock;

    /** Makes tokens of what is read; each one is recorded like any other. */
    public TestTokens(IssuanceReader reader, TokenIssuer issuer, InstantSource clock) {
        this.reader = reader;
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * Asks for a token.
     *
     * @return a token; or refused with {@code not_signed_in} when the customer does not exist or is disabled, with {@code
     *     unknown_app} when the app is disabled, blocked or barred there, with {@code unavailable} when it cannot be recorded
     */
    public Outcome issue(String storeHash, long customerId, String clientId) {
        Instant now = clock.instant();
        IssuanceData data = reader.readForTestToken(storeHash, customerId, clientId, now);
        if (data == null) {
            return new Refused(Problem.NO_SUCH_STORE);
        }
        IssuanceData.Vouching vouching = data.vouching();
        if (vouching == null || vouching.disabled()) {
            return new Refused(Problem.NOT_SIGNED_IN);
        }
        IssuanceData.SigningApp app = data.app();
        if (app == null || !app.allowed()) {
            return new Refused(Problem.UNKNOWN_APP);
        }
        return issuer.issue(data, clientId, now);
    }
}
