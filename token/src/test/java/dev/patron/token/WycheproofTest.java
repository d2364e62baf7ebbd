package dev.patron.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Every case of Wycheproof's JWS vectors with a symmetric key, at the JWS layer. */
class WycheproofTest {
    /** Marked valid although a stray {@code ?} stands in the base64url; we refuse them on purpose. */
    private static final Set<Integer> VALID_BUT_NOT_STRICT = Set.of(372, 373);

    /**
     * Marked invalid for padding that the file lost: both are the very text of case 357, which is valid (C2SP/wycheproof
     * issue 236).
     */
    private static final Set<Integer> INVALID_BUT_GENUINE = Set.of(367, 370);

    @TestFactory
    List<DynamicTest> verify_wycheproof_agrees() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode group : vectors().get("testGroups")) {
            byte[] key =
                    Base64.getUrlDecoder().decode(group.get("private").get("k").asString());
            for (JsonNode test : group.get("tests")) {
                int id = test.get("tcId").asInt();
                tests.add(DynamicTest.dynamicTest(id + " " + test.get("comment").asString(), () -> {
                    boolean marked = test.get("result").asString().equals("valid");
                    boolean exception = VALID_BUT_NOT_STRICT.contains(id) || INVALID_BUT_GENUINE.contains(id);
                    check(key, test.get("jws").asString(), marked != exception);
                }));
            }
        }
        return tests;
    }

    @Test
    void exceptions_areTheTwoThatAreKnown() throws IOException {
        assertThat(vectors().get("knownExceptions").propertyNames()).containsExactlyInAnyOrder("372", "373");
    }

    @Test
    void paddingCases_areTheTextOfAValidCase() throws Exception {
        Map<Integer, String> texts = new HashMap<>();
        for (JsonNode group : vectors().get("testGroups")) {
            for (JsonNode test : group.get("tests")) {
                texts.put(test.get("tcId").asInt(), test.get("jws").asString());
            }
        }
        String genuine = Objects.requireNonNull(texts.get(357));
        for (int id : INVALID_BUT_GENUINE) {
            assertThat(texts.get(id)).isEqualTo(genuine);
        }
        // What the two cases meant to say, we do refuse.
        byte[] key = new byte[32];
        check(key, genuine, true);
        check(key, genuine + "=", false);
        check(key, genuine.replaceFirst("\\.([^.]*)\\.", ".$1==."), false);
    }

    private static void check(byte[] key, String jws, boolean valid) throws InvalidTokenException {
        JwsVerifier verifier = new JwsVerifier(List.of(new HmacKey(JwsAlgorithm.HS256, key)));
        if (valid) {
            verifier.verify(jws);
        } else {
            assertThatThrownBy(() -> verifier.verify(jws)).isInstanceOf(InvalidTokenException.class);
        }
    }

    private static JsonNode vectors() throws IOException {
        try (InputStream file = WycheproofTest.class.getResourceAsStream("/vectors/wycheproof-jws-hmac.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
    }
}
