package dev.patron.benchmark;

import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What every contestant signs and verifies: the same claims under the same secret of 64 bytes. */
final class Sample {
    static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    static final String STORE = "abc123";
    static final String SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    static final byte[] KEY = SECRET.getBytes(StandardCharsets.UTF_8);

    private Sample() {}

    /** A token that is good for the next 15 minutes. */
    static String token(JwsAlgorithm algorithm) {
        return CurrentCustomerSigner.create(algorithm, ClientSecret.of(SECRET))
                .sign(CurrentCustomerClaims.of(CLIENT_ID, STORE, 4927, "john.doe@gmail.com", 6, Instant.now()));
    }

    /** The bytes of a token that its signature covers. */
    static byte[] signingInput(JwsAlgorithm algorithm) {
        String token = token(algorithm);
        return token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    }

    static Mac mac(String name) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(KEY, name));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
