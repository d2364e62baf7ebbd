package dev.patron.token;

import static dev.patron.token.Forge.HEADER_HS256;
import static dev.patron.token.Forge.PAYLOAD;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.refuse;
import static dev.patron.token.Forge.token;
import static dev.patron.token.Forge.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.InvalidTokenException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In which order a verifier asks: of two faults it names the earlier one. What explains a refusal to people relies on that,
 * and on {@link Reason} having that order, save for what is read of the header and the claims once the signature is genuine.
 */
class VerificationOrderTest {

    /** The parts of a token, to be put together once all faults are in. */
    record Draft(String secret, String header, String payload, String suffix) {
        Draft payloadWith(String found, String replacement) {
            assertThat(payload).contains(found);
            return new Draft(secret, header, payload.replace(found, replacement), suffix);
        }

        Draft payloadPlus(String members) {
            return new Draft(secret, header, payload.substring(0, payload.length() - 1) + "," + members + "}", suffix);
        }

        String toToken() {
            return token(JwsAlgorithm.HS256, secret, header, payload) + suffix;
        }
    }

    record Fault(String name, Reason reason, UnaryOperator<Draft> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Faults in the order in which they are met. */
    private static final List<Fault> FAULTS = List.of(
            new Fault("size", Reason.TOO_LARGE, draft -> draft.payloadPlus("\"x\":\"" + "y".repeat(8192) + "\"")),
            new Fault(
                    "form", Reason.MALFORMED, draft -> new Draft(draft.secret(), draft.header(), draft.payload(), "=")),
            new Fault(
                    "signature",
                    Reason.BAD_SIGNATURE,
                    draft -> new Draft("another" + SECRET, draft.header(), draft.payload(), draft.suffix())),
            new Fault(
                    "alg",
                    Reason.UNSUPPORTED_ALGORITHM,
                    draft -> new Draft(
                            draft.secret(), draft.header().replace("HS256", "HS384"), draft.payload(), draft.suffix())),
            new Fault(
                    "typ",
                    Reason.MALFORMED,
                    draft -> new Draft(
                            draft.secret(), draft.header().replace("JWT", "JOSE"), draft.payload(), draft.suffix())),
            new Fault(
                    "crit",
                    Reason.CRITICAL_HEADER,
                    draft -> new Draft(
                            draft.secret(),
                            draft.header().replace("{", "{\"crit\":[\"b64\"],"),
                            draft.payload(),
                            draft.suffix())),
            new Fault("claims", Reason.MALFORMED, draft -> draft.payloadPlus("\"channel_id\":0")),
            new Fault("aud", Reason.WRONG_AUDIENCE, draft -> draft.payloadWith("\"aud\":\"6sv16", "\"aud\":\"another")),
            new Fault("iss", Reason.WRONG_ISSUER, draft -> draft.payloadWith("bc/apps", "bc/shops")),
            new Fault("operation", Reason.WRONG_OPERATION, draft -> draft.payloadWith("current_customer", "load")),
            new Fault("version", Reason.WRONG_VERSION, draft -> draft.payloadWith("\"version\":1", "\"version\":2")),
            new Fault("store", Reason.WRONG_STORE, draft -> draft.payloadWith("abc123", "xyz789")),
            new Fault("exp", Reason.EXPIRED, draft -> draft.payloadWith("\"exp\":1480832763", "\"exp\":1480831763")),
            new Fault(
                    "iat ahead",
                    Reason.ISSUED_IN_THE_FUTURE,
                    draft -> draft.payloadWith("\"iat\":1480831863", "\"iat\":1480831963")),
            new Fault(
                    "iat long ago",
                    Reason.TOO_OLD,
                    draft -> draft.payloadWith("\"iat\":1480831863", "\"iat\":1480831763")),
            new Fault("nbf", Reason.NOT_YET_VALID, draft -> draft.payloadPlus("\"nbf\":1480831963")),
            new Fault("customer", Reason.INVALID_CUSTOMER, draft -> draft.payloadWith("\"id\":4927", "\"id\":-4927")));

    private static final Draft GOOD = new Draft(SECRET, HEADER_HS256, PAYLOAD, "");

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (int first = 0; first < FAULTS.size(); first++) {
            for (int second = first + 1; second < FAULTS.size(); second++) {
                Fault one = FAULTS.get(first);
                Fault other = FAULTS.get(second);
                // No time lies ahead and long ago at once.
                if (!(one.name().equals("iat ahead") && other.name().equals("iat long ago"))) {
                    pairs.add(Arguments.of(one, other));
                }
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest(name = "{0} before {1}")
    @MethodSource("pairs")
    void verify_twoFaults_namesTheEarlierOne(Fault earlier, Fault later) {
        CurrentCustomerVerifier verifier = verifier().build();
        accept(verifier, GOOD.toToken());
        assertThat(refuse(verifier, earlier.make().apply(GOOD).toToken()).reason())
                .isEqualTo(earlier.reason());
        assertThat(refuse(verifier, later.make().apply(GOOD).toToken()).reason())
                .isEqualTo(later.reason());

        Draft both = later.make().apply(earlier.make().apply(GOOD));

        InvalidTokenException refusal = refuse(verifier, both.toToken());
        assertThat(refusal.reason()).isEqualTo(earlier.reason());
        if (later.reason() == earlier.reason()) {
            assertThat(refusal)
                    .hasMessage(refuse(verifier, earlier.make().apply(GOOD).toToken())
                            .getMessage());
        }
    }

    @Test
    void reasons_standInTheOrderOfTheFaults() {
        List<Reason> afterTheContents = FAULTS.stream()
                .map(Fault::reason)
                .filter(reason -> reason.compareTo(Reason.CRITICAL_HEADER) > 0)
                .toList();

        assertThat(afterTheContents).isSorted().endsWith(Reason.INVALID_CUSTOMER);
        assertThat(FAULTS).extracting(Fault::reason).contains(Reason.values());
    }
}
