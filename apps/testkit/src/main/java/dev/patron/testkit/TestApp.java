package dev.patron.testkit;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An app that the store in a test knows. {@link #toString()} does not tell the secret.
 *
 * @param clientId its id
 * @param clientSecret its secret
 */
public record TestApp(String clientId, String clientSecret) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * An app with an id and a secret that nobody has used before.
     *
     * @return the app
     */
    public static TestApp random() {
        byte[] bits = new byte[54];
        RANDOM.nextBytes(bits);
        String id = Base64.getEncoder()
                .encodeToString(bits)
                .replaceAll("[^a-z0-9]", "x")
                .substring(0, 31);
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return new TestApp(id, HexFormat.of().formatHex(secret));
    }

    @Override
    public String toString() {
        return "TestApp[" + clientId + "]";
    }
}
