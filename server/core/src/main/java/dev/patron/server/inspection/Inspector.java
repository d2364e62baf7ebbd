package dev.patron.server.inspection;

import dev.patron.server.app.App;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.OpenedSecret;
import dev.patron.server.app.Rotation;
import dev.patron.server.inspection.CheckResult.Refusal;
import dev.patron.server.inspection.CheckResult.State;
import dev.patron.server.secret.BearerSecret;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.InvalidTokenException.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Says what is in a token and what {@link CurrentCustomerVerifier} says of it. It has no rules of its own: it asks that verifier,
 * once with the app's secrets, once with each of them, and once with a secret of nobody's, which a token gets as far as its
 * form allows. Keeps nothing. Thread-safe.
 */
public final class Inspector {

    private final Rotation rotation;
    private final InstantSource clock;
    private final ClientSecret nobodys = ClientSecret.of(BearerSecret.create().reveal());

    /** Inspects with the secrets that rotation knows. */
    public Inspector(Rotation rotation, InstantSource clock) {
        this.rotation = rotation;
        this.clock = clock;
    }

    /** The client id that a token claims to be made for: any text, and nobody has vouched for it. */
    public static Optional<String> audience(String token) {
        return DecodedToken.of(token.strip()).audience();
    }

    /**
     * Inspects a token.
     *
     * @param app the app that received it
     * @param token any text at all; space around it, which pasting brings along, is no part of it
     */
    public Inspection inspect(App app, String token, Expectations expectations) {
        String stripped = token.strip();
        DecodedToken decoded = DecodedToken.of(stripped);
        Question question = new Question(app.clientId(), stripped, expectations, clock.instant());
        List<OpenedSecret> secrets = rotation.open(app);
        Optional<Refusal> refusal = question.ask(
                secrets.isEmpty()
                        ? List.of(nobodys)
                        : secrets.stream().map(OpenedSecret::value).toList());
        boolean formed =
                question.ask(List.of(nobodys)).filter(Inspector::isOfSignature).isPresent();
        Optional<AppSecret> signedBy = formed
                ? secrets.stream()
                        .filter(secret -> question.ask(List.of(secret.value()))
                                .filter(Inspector::isOfSignature)
                                .isEmpty())
                        .map(OpenedSecret::about)
                        .findFirst()
                : Optional.empty();
        return new Inspection(
                decoded.header(),
                decoded.claims(),
                decoded.issuedAt(),
                decoded.expiresAt(),
                results(refusal, signedBy.isPresent(), expectations),
                signedBy,
                question.now());
    }

    private static boolean isOfSignature(Refusal refusal) {
        return refusal.reason() == Reason.BAD_SIGNATURE;
    }

    private static List<CheckResult> results(Optional<Refusal> refusal, boolean genuine, Expectations expectations) {
        Optional<Check> failed = refusal.map(why -> Check.failedBy(why.reason(), genuine));
        return Arrays.stream(Check.values())
                // A verifier that accepts until expiry does not ask this.
                .filter(check -> check != Check.AGE || expectations.maxAge().isPresent())
                .map(check -> {
                    int order = failed.map(check::compareTo).orElse(-1);
                    return order == 0
                            ? new CheckResult(check, State.FAILED, refusal)
                            : new CheckResult(check, order < 0 ? State.PASSED : State.NOT_REACHED, Optional.empty());
                })
                .toList();
    }

    /** One token, to be shown to verifiers that differ in their secrets only. */
    private record Question(String clientId, String token, Expectations expectations, Instant now) {

        /** Why a verifier with these secrets refuses the token; empty when it accepts it. */
        Optional<Refusal> ask(List<ClientSecret> secrets) {
            CurrentCustomerVerifier.Builder builder = CurrentCustomerVerifier.builder(
                            clientId, secrets.stream().map(ClientSecret::reveal).toList())
                    .allowShortSecret()
                    .clockSkew(expectations.clockSkew())
                    .clock(() -> now);
            expectations.maxAge().ifPresentOrElse(builder::maxAge, builder::acceptUntilExpiry);
            expectations.storeHash().ifPresentOrElse(builder::expectStore, builder::allowAnyStore);
            try {
                var _ = builder.build().verify(token);
                return Optional.empty();
            } catch (InvalidTokenException refused) {
                return Optional.of(Refusal.of(refused));
            }
        }

        /** Tells nothing of the token. */
        @Override
        public String toString() {
            return "Question[" + clientId + "]";
        }
    }
}
