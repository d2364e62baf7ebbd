package dev.patron.server.customer;

import static dev.patron.server.TestServices.PASSWORD;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.OnEachSessionEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.secret.BearerSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in beside what ends sessions: whichever comes first, no session of the old state is left. */
@OnEachSessionEngine
class SignInRaceTest {

    private static final int ROUNDS = 10;
    private static final int THREADS = 10;

    private final StorageEngine engine;
    private TestServices services;

    SignInRaceTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(
                engine,
                folder,
                "patron.sign-in.attempts-per-account=10000",
                "patron.sign-in.attempts-per-address=1000000",
                "patron.passwords.hashes-at-once=16",
                "patron.passwords.iterations=2");
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void signIn_besideAChangeOfPassword_leavesNoSessionOfTheOldOne() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Customer customer = services.customer(STORE_A, "race" + round + "@example.com");
            List<Callable<SignIn>> tasks = signIns(customer);
            tasks.add(
                    THREADS / 2,
                    () -> services.customers.changePassword(
                            customer, PASSWORD, "the new password", TestServices.ORIGIN));

            List<SignIn> outcomes = Together.run(tasks);

            SignedIn changed = (SignedIn) outcomes.remove(THREADS / 2);
            assertThat(living(outcomes)).isEmpty();
            assertThat(services.sessions.find(STORE_A, changed.session())).isPresent();
            assertThat(services.sessions.list(customer.key(), changed.session()))
                    .hasSize(1);
        }
    }

    @Test
    void signIn_besideADisabling_leavesNoSession() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Customer customer = services.customer(STORE_A, "race" + round + "@example.com");
            List<Callable<SignIn>> tasks = signIns(customer);
            tasks.add(THREADS / 2, () -> {
                services.customers.setDisabled(STORE_A, customer.id(), OptionalLong.empty(), true);
                return new SignIn.Refused();
            });

            List<SignIn> outcomes = Together.run(tasks);

            assertThat(living(outcomes)).isEmpty();
            assertThat(services.sessions.count()).isZero();
        }
    }

    @Test
    void signIn_atOnceByMany_allSucceedWhileTheHashIsRenewed() throws Exception {
        Passwords cheaper = new Passwords(TestServices.options(Path.of("unused")));
        for (int round = 0; round < ROUNDS; round++) {
            NewCustomer details = new NewCustomer("race" + round + "@example.com", "Ada", "Lovelace", 6);
            Customer customer = services.customers.create(STORE_A, details, cheaper.hash(PASSWORD));

            assertThat(living(Together.run(signIns(customer)))).hasSize(THREADS);
        }
    }

    @Test
    void changePassword_atOnceByMany_succeedsOnce() throws Exception {
        Customer customer = services.customer(STORE_A, "race@example.com");
        List<Callable<SignIn>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String wanted = "the new password " + i;
            tasks.add(() -> services.customers.changePassword(customer, PASSWORD, wanted, TestServices.ORIGIN));
        }

        List<SignIn> outcomes = Together.run(tasks);

        assertThat(living(outcomes)).hasSize(1);
        assertThat(services.sessions.count()).isEqualTo(1);
        int winner = outcomes.indexOf(living(outcomes).getFirst());
        assertThat(services.signIn(STORE_A, customer.email(), "the new password " + winner))
                .isInstanceOf(SignedIn.class);
    }

    @Test
    void resetLink_besideAChangeOfPassword_oneOfThemHappens() throws Exception {
        PasswordLinks links = services.passwordLinks();
        for (int round = 0; round < ROUNDS; round++) {
            Customer customer = services.customer(STORE_A, "race" + round + "@example.com");
            BearerSecret link = links.create(customer).secret();
            List<Callable<Boolean>> tasks = new ArrayList<>();
            tasks.add(() -> links.reset(STORE_A, link, "chosen by the link"));
            tasks.add(
                    () -> services.customers.changePassword(customer, PASSWORD, "the new password", TestServices.ORIGIN)
                            instanceof SignedIn);

            List<Boolean> happened = Together.run(tasks);

            assertThat(happened).containsExactlyInAnyOrder(true, false);
            String chosen = happened.getFirst() ? "chosen by the link" : "the new password";
            assertThat(services.signIn(STORE_A, customer.email(), chosen)).isInstanceOf(SignedIn.class);
            assertThat(links.look(STORE_A, link)).isEmpty();
        }
    }

    private List<Callable<SignIn>> signIns(Customer customer) {
        List<Callable<SignIn>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tasks.add(() -> services.signIn(STORE_A, customer.email(), PASSWORD));
        }
        return tasks;
    }

    private List<SignedIn> living(List<SignIn> outcomes) {
        return outcomes.stream()
                .map(outcome ->
                        outcome instanceof SignedIn signedIn ? Optional.of(signedIn) : Optional.<SignedIn>empty())
                .flatMap(Optional::stream)
                .filter(signedIn ->
                        services.sessions.find(STORE_A, signedIn.session()).isPresent())
                .toList();
    }
}
