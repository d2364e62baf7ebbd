package dev.patron.token;

import static dev.patron.token.Forge.CLIENT_ID;
import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.STORE;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.refuse;
import static dev.patron.token.Forge.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.InvalidTokenException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One signer and one verifier serve any number of threads at once. */
class ConcurrencyTest {
    private static final int THREADS = 1_000;
    private static final int ROUNDS = 20;

    @Test
    void signAndVerify_thousandVirtualThreads_eachGetsItsOwn() throws Exception {
        inThreads(Executors.newVirtualThreadPerTaskExecutor());
    }

    @Test
    void signAndVerify_sixteenPlatformThreads_eachGetsItsOwn() throws Exception {
        inThreads(Executors.newFixedThreadPool(16));
    }

    private static void inThreads(ExecutorService threads) throws Exception {
        CurrentCustomerSigner hs256 = CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(SECRET));
        CurrentCustomerSigner hs512 = CurrentCustomerSigner.create(JwsAlgorithm.HS512, ClientSecret.of(SECRET));
        CurrentCustomerVerifier verifier = verifier().build();
        try (threads) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (long thread = 1; thread <= THREADS; thread++) {
                long id = thread;
                tasks.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        CurrentCustomerSigner signer = round % 2 == 0 ? hs256 : hs512;
                        String token = signer.sign(
                                CurrentCustomerClaims.of(CLIENT_ID, STORE, id, id + "@example.com", id, ISSUED_AT));
                        CurrentCustomer customer = accept(verifier, token);
                        assertThat(customer.id()).isEqualTo(id);
                        assertThat(customer.email()).isEqualTo(id + "@example.com");
                        String forged = token.substring(0, token.length() - 4) + "AAAA";
                        assertThat(refuse(verifier, forged).reason()).isEqualTo(Reason.BAD_SIGNATURE);
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        }
    }
}
