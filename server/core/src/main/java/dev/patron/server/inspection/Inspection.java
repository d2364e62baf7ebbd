package dev.patron.server.inspection;

import dev.patron.server.app.AppSecret;
import dev.patron.server.inspection.CheckResult.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is in a token, and what the verifier says of it. It holds a customer's data: for the answer to whoever sent the token
 * and for nothing else. {@link #toString()} tells none of it.
 *
 * @param header the header as indented JSON, or as text where it is no JSON; empty where it cannot be decoded
 * @param claims the claims, likewise
 * @param issuedAt the claim {@code iat}, if it can be read
 * @param expiresAt the claim {@code exp}, if it can be read
 * @param checks every check that the verifier makes, in its order
 * @param signedBy the app's secret that it is signed with; empty when it is signed with none of them, or does not have the
 *     form of a token
 * @param at when it was inspected
 */
public record Inspection(
        Optional<String> header,
        Optional<String> claims,
        Optional<Instant> issuedAt,
        Optional<Instant> expiresAt,
        List<CheckResult> checks,
        Optional<AppSecret> signedBy,
        Instant at) {

    /** Makes the checks immutable. */
    public Inspection {
        checks = List.copyOf(checks);
    }

    /** Why the verifier refuses the token; empty when it accepts it. */
    public Optional<Refusal> refusal() {
        return checks.stream().flatMap(result -> result.refusal().stream()).findFirst();
    }

    /** Whether the verifier accepts the token. */
    public boolean accepted() {
        return refusal().isEmpty();
    }

    /** How long ago it was issued; negative when that is ahead. */
    public Optional<Duration> age() {
        return issuedAt.map(moment -> Duration.between(moment, at));
    }

    /** How long it has until it expires; negative when it has expired. */
    public Optional<Duration> remaining() {
        return expiresAt.map(moment -> Duration.between(at, moment));
    }

    /** Whether it is accepted or why not, and nothing of the token. */
    @Override
    public String toString() {
        return "Inspection[" + refusal().map(refusal -> refusal.reason().id()).orElse("accepted") + "]";
    }
}
