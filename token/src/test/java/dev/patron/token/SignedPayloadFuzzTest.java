package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Hostile content under a genuine signature, which takes the fuzzer past the signature to the JSON and the claims: still
 * nothing but {@link InvalidTokenException} escapes. The first line is the header, the rest the payload.
 */
class SignedPayloadFuzzTest {
    private final CurrentCustomerVerifier verifier = Forge.verifier().build();

    @FuzzTest(maxDuration = "10s")
    void onlyRefusalsEscape(byte[] content) {
        String text = new String(content, java.nio.charset.StandardCharsets.ISO_8859_1);
        int line = text.indexOf('\n');
        byte[] header = line < 0 ? Forge.HEADER_HS256.getBytes(UTF_8) : java.util.Arrays.copyOf(content, line);
        byte[] payload = java.util.Arrays.copyOfRange(content, line + 1, content.length);
        String token = Forge.token(JwsAlgorithm.HS256, Forge.SECRET, header, payload);
        CurrentCustomer customer;
        try {
            customer = verifier.verify(token);
        } catch (InvalidTokenException e) {
            return;
        }
        if (customer.id() < 1
                || customer.email().isEmpty()
                || !customer.storeHash().equals(Forge.STORE)
                || customer.groupId().orElse(1) < 1) {
            throw new AssertionError("accepted " + customer);
        }
    }
}
