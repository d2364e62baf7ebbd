package dev.patron.server.customer;

import static dev.patron.server.TestServices.PASSWORD;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachSessionEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.customer.SignIn.Refused;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.customer.SignIn.TooManyAttempts;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.sql.UniqueViolationException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachSessionEngine
class CustomersTest {

    private static final String EMAIL = "Ada@Example.com";

    private final StorageEngine engine;
    private TestServices services;
    private Customer ada;

    CustomersTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(
                engine,
                folder,
                "patron.sign-in.attempts-per-account=3",
                "patron.sign-in.attempts-per-address=20",
                "patron.sign-in.window=1d",
                "patron.passwords.hashes-at-once=8");
        ada = services.customer(STORE_A, EMAIL);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void create_details_areKeptAsWritten() {
        assertThat(services.customers.find(STORE_A, ada.id())).contains(ada);
        assertThat(ada).isEqualTo(new Customer(ada.key(), STORE_A, 1, EMAIL, "Ada", "Lovelace", 6, false, 1));
    }

    @Test
    void create_sameAddressInOtherLetters_isTakenAndNothingIsWritten() {
        for (String email : List.of(EMAIL, "ada@example.com", "ADA@EXAMPLE.COM", "  ada@example.com ")) {
            assertThatExceptionOfType(EmailTakenException.class).as(email).isThrownBy(() -> create(email));
        }

        assertThat(services.rows("customer")).isEqualTo(1);
        assertThat(services.rows("credential")).isEqualTo(1);
        assertThat(services.customer(STORE_A, "bda@example.com").id()).isEqualTo(2);
    }

    @Test
    void signUp_takenAddress_writesNeitherCustomerNorSession() {
        assertThatExceptionOfType(EmailTakenException.class)
                .isThrownBy(() -> services.customers.signUp(
                        STORE_A, new NewCustomer(EMAIL, "A", "L", 0), PASSWORD, TestServices.ORIGIN));

        assertThat(services.rows("customer")).isEqualTo(1);
        assertThat(services.sessions.count()).isZero();
    }

    @Test
    void signUp_newAddress_isSignedInAndCanSignInAgain() throws EmailTakenException {
        SignedIn signedIn = services.customers.signUp(
                STORE_A,
                new NewCustomer("grace@example.com", "Grace", "Hopper", 0),
                "pass phrase",
                TestServices.ORIGIN);

        assertThat(services.sessions.find(STORE_A, signedIn.session())).isPresent();
        assertThat(services.signIn(STORE_A, "grace@example.com", "pass phrase")).isInstanceOf(SignedIn.class);
    }

    @Test
    void importCustomer_givenId_raisesTheCounterAndNeverLowersIt() throws EmailTakenException {
        importCustomer(100, "hundred@example.com");
        importCustomer(50, "fifty@example.com");

        assertThat(services.customers.find(STORE_A, 100)).map(Customer::email).contains("hundred@example.com");
        assertThat(services.customer(STORE_A, "next@example.com").id()).isEqualTo(101);
    }

    @Test
    void importCustomer_takenIdOrAddress_isRefusedAndNothingIsWritten() throws EmailTakenException {
        importCustomer(7, "seven@example.com");

        assertThatExceptionOfType(EmailTakenException.class).isThrownBy(() -> importCustomer(7, "other@example.com"));
        assertThatExceptionOfType(EmailTakenException.class).isThrownBy(() -> importCustomer(900, "SEVEN@example.com"));

        assertThat(services.rows("customer")).isEqualTo(2);
        assertThat(services.customer(STORE_A, "next@example.com").id()).isEqualTo(8);
    }

    @Test
    void create_atOnceByMany_givesEachAnIdOfItsOwn() throws Exception {
        List<Callable<Long>> creations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String email = "customer" + i + "@example.com";
            creations.add(() -> services.customer(STORE_A, email).id());
        }

        Set<Long> ids = new TreeSet<>(Together.run(creations));

        assertThat(ids).hasSize(40);
        assertThat(ids).first().isEqualTo(2L);
        assertThat(ids).last().isEqualTo(41L);
    }

    @Test
    void create_sameAddressAtOnceByMany_succeedsOnce() throws Exception {
        List<Callable<Boolean>> creations = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String email = i % 2 == 0 ? "race@example.com" : "RACE@example.com";
            creations.add(() -> {
                try {
                    create(email);
                    return true;
                } catch (EmailTakenException taken) {
                    return false;
                }
            });
        }

        assertThat(Together.run(creations)).containsOnlyOnce(true);
        assertThat(services.rows("customer")).isEqualTo(2);
        assertThat(services.rows("credential")).isEqualTo(2);
    }

    @Test
    void signIn_rightPassword_isSignedIn() {
        for (String email : List.of(EMAIL, "ada@example.com", " ADA@EXAMPLE.COM ")) {
            assertThat(services.signIn(STORE_A, email, PASSWORD))
                    .as(email)
                    .isInstanceOfSatisfying(
                            SignedIn.class,
                            signedIn -> assertThat(signedIn.customer()).isEqualTo(ada));
        }
    }

    @Test
    void signIn_afterTheCostWasRaised_renewsTheHashOnce(@TempDir Path folder) throws EmailTakenException {
        try (TestServices raised = TestServices.open(engine, folder, "patron.passwords.iterations=2")) {
            Customer customer = raised.customers.create(
                    STORE_A, new NewCustomer(EMAIL, "Ada", "Lovelace", 6), services.passwords.hash(PASSWORD));
            assertThat(hash(raised)).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");
            assertThat(raised.signIn(STORE_A, EMAIL, "wrong")).isInstanceOf(Refused.class);
            raised.customers.setDisabled(STORE_A, customer.id(), OptionalLong.empty(), true);
            assertThat(raised.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(Refused.class);
            raised.customers.setDisabled(STORE_A, customer.id(), OptionalLong.empty(), false);
            assertThat(hash(raised)).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");

            assertThat(raised.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);

            String renewed = hash(raised);
            assertThat(renewed).startsWith("$argon2id$v=19$m=1024,t=2,p=1$");
            assertThat(raised.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
            assertThat(raised.signIn(STORE_A, EMAIL, "wrong")).isInstanceOf(Refused.class);
            assertThat(hash(raised)).isEqualTo(renewed);
        }
    }

    @Test
    void signIn_wrongPassword_isRefused() {
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);

        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD + "x")).isEqualTo(new Refused());
        assertThat(services.signIn(STORE_A, EMAIL, "")).isEqualTo(new Refused());
        assertThat(services.sessions.count()).isEqualTo(1);
    }

    @Test
    void signIn_unknownAddress_isRefused() {
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);

        assertThat(services.signIn(STORE_A, "nobody@example.com", PASSWORD)).isEqualTo(new Refused());
        assertThat(services.signIn(STORE_A, "", PASSWORD)).isEqualTo(new Refused());
        assertThat(services.signIn(STORE_A, "x".repeat(60_000), PASSWORD)).isEqualTo(new Refused());
        assertThat(services.signIn("zzzzz", EMAIL, PASSWORD)).isEqualTo(new Refused());
    }

    @Test
    void signIn_disabledCustomer_isRefused() {
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);

        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), true);
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isEqualTo(new Refused());

        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), false);
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void signIn_namelessHash_isNobodys() {
        // What is compared for an unknown address must not be a way in.
        assertThat(services.signIn(STORE_A, "nobody@example.com", "nobody has this password"))
                .isEqualTo(new Refused());
    }

    @Test
    void signIn_afterAsManyFailuresAsAllowed_isNotLookedAt() {
        for (int i = 0; i < 3; i++) {
            assertThat(services.signIn(STORE_A, EMAIL, "wrong password")).isEqualTo(new Refused());
        }

        assertThat(services.signIn(STORE_A, "ADA@example.com", PASSWORD))
                .isInstanceOfSatisfying(
                        TooManyAttempts.class,
                        tooMany -> assertThat(tooMany.retryAfter()).isPositive());
        assertThat(services.sessions.count()).isZero();
    }

    @Test
    void signIn_disabledCustomer_usesUpAttemptsLikeAWrongPassword() {
        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), true);
        for (int i = 0; i < 3; i++) {
            assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isEqualTo(new Refused());
        }

        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(TooManyAttempts.class);
    }

    @Test
    void signIn_unknownAddress_usesUpAttemptsLikeAWrongPassword() {
        for (int i = 0; i < 3; i++) {
            assertThat(services.signIn(STORE_A, "nobody@example.com", PASSWORD)).isEqualTo(new Refused());
        }

        assertThat(services.signIn(STORE_A, "nobody@example.com", PASSWORD)).isInstanceOf(TooManyAttempts.class);
    }

    @Test
    void signIn_success_isForgiven() {
        for (int i = 0; i < 25; i++) {
            assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
        }
    }

    @Test
    void signIn_success_doesNotForgiveEarlierFailures() {
        services.signIn(STORE_A, EMAIL, "wrong password");
        services.signIn(STORE_A, EMAIL, "wrong password");
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
        assertThat(services.signIn(STORE_A, EMAIL, "wrong password")).isEqualTo(new Refused());

        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(TooManyAttempts.class);
    }

    @Test
    void signIn_addressWithoutAttempts_isNotLookedAtAndUsesUpNoAccount() throws UnknownHostException {
        InetAddress other = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 20; i++) {
            assertThat(services.signIn(STORE_A, "nobody" + i + "@example.com", PASSWORD))
                    .isEqualTo(new Refused());
        }
        for (int i = 0; i < 5; i++) {
            assertThat(services.customers.signIn(STORE_A, EMAIL, "wrong password", TestServices.ORIGIN))
                    .isInstanceOf(TooManyAttempts.class);
        }

        assertThat(services.customers.signIn(STORE_A, EMAIL, PASSWORD, new SessionOrigin(other, "")))
                .isInstanceOf(SignedIn.class);
    }

    @Test
    void changePassword_right_letsOnlyTheNewOneIn() {
        assertThat(services.customers.changePassword(ada, PASSWORD, "the new password", TestServices.ORIGIN))
                .isInstanceOf(SignedIn.class);

        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isEqualTo(new Refused());
        assertThat(services.signIn(STORE_A, EMAIL, "the new password")).isInstanceOf(SignedIn.class);
    }

    @Test
    void changePassword_guessedTooOften_isNotLookedAt() {
        for (int i = 0; i < 3; i++) {
            assertThat(services.customers.changePassword(
                            ada, "wrong password", "the new password", TestServices.ORIGIN))
                    .isEqualTo(new Refused());
        }

        assertThat(services.customers.changePassword(ada, PASSWORD, "the new password", TestServices.ORIGIN))
                .isInstanceOf(TooManyAttempts.class);
    }

    @Test
    void changePassword_disabledCustomer_isRefused() {
        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), true);

        assertThat(services.customers.changePassword(ada, PASSWORD, "the new password", TestServices.ORIGIN))
                .isEqualTo(new Refused());

        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), false);
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void setDisabled_unknownCustomer_isFalse() {
        assertThat(services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), false))
                .isPresent();
        assertThat(services.customers.setDisabled(STORE_A, 4711, OptionalLong.empty(), true))
                .isEmpty();
        assertThat(services.customers.setDisabled("zzzzz", ada.id(), OptionalLong.empty(), true))
                .isEmpty();
    }

    @Test
    void databaseFiles_afterACreation_holdNoPassword() {
        assertThat(services.filesContain(PASSWORD)).isFalse();
        assertThat(services.filesContain("$argon2id$v=19$")).isTrue();
    }

    private static String hash(TestServices services) {
        return services.database.with(handle -> handle.createQuery("select password_hash from credential")
                .mapTo(String.class)
                .one());
    }

    private void create(String email) throws EmailTakenException {
        services.customers.create(STORE_A, new NewCustomer(email, "A", "B", 0), services.passwords.hash(PASSWORD));
    }

    private void importCustomer(long id, String email) throws EmailTakenException {
        services.customers.importCustomer(
                id, STORE_A, new NewCustomer(email, "A", "B", 0), services.passwords.hash(PASSWORD));
    }

    @Test
    void otherUniqueConstraint_isNoTakenAddress() throws EmailTakenException {
        NewCustomer grace = new NewCustomer("grace@example.com", "Grace", "Hopper", 0);
        assertThatExceptionOfType(EmailTakenException.class)
                .isThrownBy(() -> services.customers.signUp(
                        STORE_A, new NewCustomer(EMAIL, "Grace", "Hopper", 0), PASSWORD, TestServices.ORIGIN));
        services.database.with(handle -> handle.execute("create unique index one_name on customer (last_name)"));

        NewCustomer sameName = new NewCustomer("other@example.com", "Ada", "Lovelace", 0);
        assertThatExceptionOfType(UniqueViolationException.class)
                .isThrownBy(() -> services.customers.signUp(STORE_A, sameName, PASSWORD, TestServices.ORIGIN));
        assertThatExceptionOfType(UniqueViolationException.class)
                .isThrownBy(() -> services.customers.create(STORE_A, sameName, services.passwords.hash(PASSWORD)));
        assertThat(services.customers.signUp(STORE_A, grace, PASSWORD, TestServices.ORIGIN))
                .isNotNull();
    }

    @Test
    void importCustomer_takenIdOrAddress_isSaidSo_andNothingElseIs() {
        PasswordHash hash = services.passwords.hash(PASSWORD);
        assertThatExceptionOfType(EmailTakenException.class)
                .isThrownBy(() -> services.customers.importCustomer(
                        ada.id(), STORE_A, new NewCustomer("grace@example.com", "Grace", "Hopper", 0), hash));
        assertThatExceptionOfType(EmailTakenException.class)
                .isThrownBy(() -> services.customers.importCustomer(
                        77, STORE_A, new NewCustomer(EMAIL, "Grace", "Hopper", 0), hash));
        services.database.with(handle -> handle.execute("create unique index one_name on customer (last_name)"));
        assertThatExceptionOfType(UniqueViolationException.class)
                .isThrownBy(() -> services.customers.importCustomer(
                        77, STORE_A, new NewCustomer("grace@example.com", "Grace", "Lovelace", 0), hash));
    }

    @Test
    void passwordLink_endsWithEverythingThatEndsWhatItsCustomerHad() {
        PasswordLinks links = services.passwordLinks();
        Map<String, Consumer<Customer>> ends = Map.of(
                "a change of the password",
                customer -> assertThat(services.customers.changePassword(
                                customer, TestServices.PASSWORD, "quite another one", TestServices.ORIGIN))
                        .isInstanceOf(SignIn.SignedIn.class),
                "signing out everywhere",
                customer -> services.customers.signOutEverywhere(customer),
                "disabling",
                customer -> services.customers.setDisabled(STORE_A, customer.id(), OptionalLong.empty(), true),
                "erasing",
                customer -> services.customers.erase(STORE_A, customer.id()));
        ends.forEach((what, end) -> {
            Customer customer = services.customer(STORE_A, what.replace(' ', '.') + "@example.com");
            BearerSecret link = links.create(customer).secret();
            assertThat(links.look(STORE_A, link)).as("before " + what).isPresent();

            end.accept(customer);

            assertThat(links.look(STORE_A, link)).as(what).isEmpty();
            assertThat(links.reset(STORE_A, link, "chosen by the link"))
                    .as(what)
                    .isFalse();
        });
    }

    @Test
    void passwordLink_staysWhenSomebodySignsIn() {
        PasswordLinks links = services.passwordLinks();
        BearerSecret link = links.create(ada).secret();

        assertThat(services.signIn(STORE_A, EMAIL, TestServices.PASSWORD)).isInstanceOf(SignIn.SignedIn.class);

        assertThat(links.reset(STORE_A, link, "chosen by the link")).isTrue();
    }
}
