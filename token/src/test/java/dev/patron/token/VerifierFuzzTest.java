package dev.patron.token;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;

/** Whatever the text: {@code verify} returns or throws {@link InvalidTokenException}, and never accepts what isn't signed. */
class VerifierFuzzTest {
    private final CurrentCustomerVerifier verifier = Forge.verifier().build();
    private final String genuine = Forge.token(Forge.PAYLOAD);

    @FuzzTest(maxDuration = "10s")
    void onlyRefusalsEscape(@NotNull String token) {
        try {
            verifier.verify(token);
        } catch (InvalidTokenException e) {
            return;
        }
        if (!token.equals(genuine)) {
            throw new AssertionError("accepted without our signature");
        }
    }
}
