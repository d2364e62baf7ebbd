package dev.patron.server.issuance;

import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Outcome.Issued;
import dev.patron.endpoint.Outcome.Refused;
import dev.patron.endpoint.Problem;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.MasterKey;
import dev.patron.server.audit.Disclosed;
import dev.patron.server.audit.Recorder;
import dev.patron.token.CurrentCustomerClaims;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Makes tokens of what was read, and records each. Thread-safe. */
public final class TokenIssuer {

    /** The channel of a store that has only one. */
    private static final long ONLY_CHANNEL = 1;

    /** Claims about the customer that each token has. */
    private static final String ALWAYS = "id email group_id";

    private final Signers signers;
    private final Recorder recorder;

    /** Signs with secrets that are sealed under a master key. */
    public TokenIssuer(MasterKey masterKey, Recorder recorder) {
        this.signers = new Signers(masterKey);
        this.recorder = recorder;
    }

    /** Makes the token and records it; when it cannot be recorded, it is refused. */
    Outcome issue(IssuanceData data, String clientId, Instant now) {
        return issue(data, clientId, now, recorder);
    }

    /** Makes a token that is thrown away, so that nothing is recorded. */
    Outcome dryRun(IssuanceData data, String clientId, Instant now) {
        return issue(data, clientId, now, Recorder.NONE);
    }

    private Outcome issue(IssuanceData data, String clientId, Instant now, Recorder record) {
        String storeHash = data.storeHash();
        IssuanceData.Vouching vouching = Objects.requireNonNull(data.vouching());
        IssuanceData.SigningApp app = Objects.requireNonNull(data.app());
        String token = signers.of(clientId, app).sign(claims(storeHash, vouching, clientId, app, now));
        Disclosed disclosed =
                new Disclosed(now, storeHash, clientId, claimNames(app), app.secretId(), vouching.customerKey());
        return record.disclosed(disclosed) ? new Issued(token) : new Refused(Problem.UNAVAILABLE);
    }

    /** What a token tells about the customer and the visit, beside whom it is from and for, and when. */
    private static String claimNames(IssuanceData.SigningApp app) {
        String jwtId = app.jwtId() ? " " + ExtraClaim.JWT_ID.claim() : "";
        String channelId = app.channelId() ? " " + ExtraClaim.CHANNEL_ID.claim() : "";
        return ALWAYS + jwtId + channelId;
    }

    private static CurrentCustomerClaims claims(
            String storeHash,
            IssuanceData.Vouching vouching,
            String clientId,
            IssuanceData.SigningApp app,
            Instant now) {
        CurrentCustomerClaims claims = CurrentCustomerClaims.of(
                clientId, storeHash, vouching.customerId(), vouching.email(), vouching.groupId(), now);
        if (app.jwtId()) {
            claims = claims.withJwtId(UUID.randomUUID().toString());
        }
        return app.channelId() ? claims.withChannelId(ONLY_CHANNEL) : claims;
    }
}
