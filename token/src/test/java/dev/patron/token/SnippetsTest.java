package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's example, run; and the proof that the README shows this very code. */
class SnippetsTest {
    @Test
    void readme_example_works() throws Exception {
        String clientId = Forge.CLIENT_ID;
        String clientSecret = Forge.SECRET;
        InstantSource clock = () -> Forge.ISSUED_AT;
        String token = sign(clientId, clientSecret, clock);
        assertThat(verify(clientId, clientSecret, clock, token)).isEqualTo("abc123/4927");
        assertThat(verify(clientId, clientSecret, clock, token + "x")).isEqualTo("unsupported_algorithm");
        assertThat(verifyNow(clientId, clientSecret, sign(clientId, clientSecret, InstantSource.system()))
                        .id())
                .isEqualTo(4927);
        CustomerLogin login = CustomerLoginVerifier.create(
                        clientId, List.of(ClientSecret.of(clientSecret)), "abc123", clock)
                .verify(loginUrl(clientId, clientSecret, clock)
                        .substring("https://shop.example/login/token/".length()));
        assertThat(login.customerId()).isEqualTo(4927);
        assertThat(login.redirectTo()).contains("/orders.php");
    }

    private static String sign(String clientId, String clientSecret, InstantSource clock) {
        // tag::sign[]
        CurrentCustomerSigner signer = CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(clientSecret));
        String token = signer.sign(
                CurrentCustomerClaims.of(clientId, "abc123", 4927, "john.doe@gmail.com", 6, clock.instant()));
        // end::sign[]
        return token;
    }

    private static String loginUrl(String clientId, String clientSecret, InstantSource clock) {
        // tag::login[]
        CustomerLoginSigner signer = CustomerLoginSigner.create(ClientSecret.of(clientSecret));
        String url = "https://shop.example"
                + signer.path(CustomerLoginClaims.of(clientId, "abc123", 4927, clock.instant())
                        .withRedirectTo("/orders.php"));
        // end::login[]
        return url;
    }

    private static String verify(String clientId, String clientSecret, InstantSource clock, String token) {
        // tag::verify[]
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(clientId, clientSecret)
                .expectStore("abc123")
                .clock(clock)
                .build();
        try {
            CurrentCustomer customer = verifier.verify(token);
            return customer.storeHash() + "/" + customer.id();
        } catch (InvalidTokenException e) {
            return e.reason().id();
        }
        // end::verify[]
    }

    private static CurrentCustomer verifyNow(String clientId, String clientSecret, String token)
            throws InvalidTokenException {
        // tag::short[]
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(clientId, clientSecret)
                .expectStore("abc123")
                .build();
        CurrentCustomer customer = verifier.verify(token); // or throws InvalidTokenException, which says why
        // end::short[]
        return customer;
    }

    @Test
    void readme_blocks_areThisCode() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/patron/token/SnippetsTest.java"), UTF_8);
        String readme = Files.readString(Path.of("README.md"), UTF_8)
                + Files.readString(Path.of("../README.md"), UTF_8)
                + Files.readString(Path.of("../docs/customer-login.md"), UTF_8);
        for (String tag : new String[] {"sign", "verify", "short", "login"}) {
            String region = source.substring(
                    source.indexOf("// tag::" + tag + "[]\n") + "// tag::[]\n".length() + tag.length(),
                    source.lastIndexOf("\n        // end::" + tag + "[]\n"));
            assertThat(readme).contains("```java\n" + region.stripIndent() + "\n```\n");
        }
    }
}
