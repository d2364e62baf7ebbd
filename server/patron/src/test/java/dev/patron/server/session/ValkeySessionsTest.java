package dev.patron.server.session;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.PASSWORD;
import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.TestServices.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.engines.RedisServer;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.options.Options;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of sessions in Valkey cannot be seen without looking into it, or taking it away. */
class ValkeySessionsTest {

    private static RedisServer server;
    private static RedisClient client;
    private static StatefulRedisConnection<String, String> connection;

    private TestServices services;
    private Customer ada;
    private String clientId;

    @BeforeAll
    static void start() {
        server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        client = RedisClient.create(server.url());
        connection = client.connect();
    }

    @AfterAll
    static void stop() {
        connection.close();
        client.shutdown();
        server.close();
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        valkey().flushall();
        services = services(folder);
        ada = services.customer(STORE_A, "ada@example.com");
        clientId = services.apps.create(NewApp.named("App")).app().clientId();
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void sessionThatEnded_broughtBackByAServerThatLostItsLatestWrites_isOver() {
        BearerSecret id = services.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();
        String value = valkey().get(key);

        services.sessions.end(STORE_A, id);
        assertThat(valkey().exists(key)).isZero();
        valkey().set(key, value);

        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(issued(id)).isEqualTo("not_signed_in");
        assertThat(services.sessions.list(ada.key(), id)).isEmpty();
        assertThat(services.sessions.end(STORE_A, id.hash().key())).isFalse();
    }

    @Test
    void allSessionsThatEnded_broughtBack_areOver() {
        BearerSecret id = services.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();
        String value = valkey().get(key);

        SignedIn changed =
                (SignedIn) services.customers.changePassword(ada, PASSWORD, "another password", TestServices.ORIGIN);
        assertThat(valkey().exists(key)).isZero();
        valkey().set(key, value);

        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(issued(id)).isEqualTo("not_signed_in");
        assertThat(issued(changed.session())).isEqualTo("issued");
    }

    @Test
    void sessionOfAnotherHashUnderTheSameKey_isNone() {
        BearerSecret id = services.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();
        String value = valkey().get(key);
        String hash = value.replaceFirst(".*\"hash\":\"([^\"]+)\".*", "$1");

        valkey().set(key, value.replace(hash, (hash.startsWith("A") ? "B" : "A") + hash.substring(1)));

        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(issued(id)).isEqualTo("not_signed_in");
        services.sessions.end(STORE_A, id);
        assertThat(valkey().exists(key)).isEqualTo(1);
    }

    @Test
    void sessionOfAnotherStore_isNone() {
        BearerSecret id = services.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();

        valkey().set(key, valkey().get(key).replace(STORE_A, STORE_B));

        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(services.sessions.find(STORE_B, id)).isPresent();
        assertThat(issued(id)).isEqualTo("not_signed_in");
    }

    @Test
    void session_ofBeforeTheDatabaseWasTakenBackToAnEarlierState_isNobodysWhoSignsInThen() {
        BearerSecret before = services.session(ada);
        assertThat(issued(before)).isEqualTo("issued");

        // As in a copy from before this customer first signed in, or in which another one gets their key.
        services.database.transaction(handle -> handle.execute("update customer set session_generation = 0"));

        assertThat(issued(before)).isEqualTo("not_signed_in");
        BearerSecret after = services.session(ada);
        assertThat(issued(after)).isEqualTo("issued");
        assertThat(issued(before)).isEqualTo("not_signed_in");
        services.endSessions(ada.key());
        assertThat(issued(after)).isEqualTo("not_signed_in");
        assertThat(issued(before)).isEqualTo("not_signed_in");
    }

    @Test
    void keyspaceForgotten_nothingThatIsThereCounts() {
        BearerSecret before = services.session(ada);
        TestServices closed = services;
        closed.close();
        services = TestServices.reopen(closed);
        assertThat(issued(before)).isEqualTo("issued");

        Valkey.forget(services.database);
        services.close();
        services = TestServices.reopen(closed);

        assertThat(issued(before)).isEqualTo("not_signed_in");
        assertThat(issued(services.session(ada))).isEqualTo("issued");
    }

    @Test
    void turnedOnAndOff_sessionsOfBeforeWait_andThoseThatEndMeanwhileHaveEnded() {
        Customer grace = services.customer(STORE_A, "grace@example.com");
        TestServices with = services;
        BearerSecret adas = with.session(ada);
        BearerSecret graces = with.session(grace);
        with.close();

        services = withoutValkey(with);
        assertThat(issued(adas)).isEqualTo("not_signed_in");
        BearerSecret gracesRow = services.session(grace);
        BearerSecret endedRow = services.session(grace);
        assertThat(issued(endedRow)).isEqualTo("issued");
        services.endSessions(ada.key());
        BearerSecret adasRow = services.session(ada);
        assertThat(issued(adasRow)).isEqualTo("issued");
        services.close();

        services = TestServices.reopen(with);
        assertThat(issued(adasRow)).isEqualTo("not_signed_in");
        assertThat(issued(adas)).isEqualTo("not_signed_in");
        assertThat(issued(graces)).isEqualTo("issued");
        services.sessions.end(STORE_A, endedRow);
        services.endSessions(ada.key());
        services.close();

        services = withoutValkey(with);
        assertThat(issued(adasRow)).isEqualTo("not_signed_in");
        assertThat(issued(endedRow)).isEqualTo("not_signed_in");
        assertThat(issued(gracesRow)).isEqualTo("issued");
    }

    @Test
    void customerWithSessionsOfATimeWithoutValkey_canBeErased() {
        TestServices with = services;
        with.close();
        services = withoutValkey(with);
        services.session(ada);
        assertThat(services.rows("session")).isEqualTo(1);
        services.close();

        services = TestServices.reopen(with);
        services.customers.erase(STORE_A, ada.id());

        assertThat(services.rows("session")).isZero();
    }

    @Test
    void valueThatIsNoSession_isNone() {
        for (String value : List.of("", "null", "{}", "[]", "42", "{\"hash\":null}", "\u0000")) {
            BearerSecret id = services.session(ada);
            assertThat(issued(id)).isEqualTo("issued");
            valkey().set(key(id), value);

            assertThat(services.sessions.find(STORE_A, id)).isEmpty();
            assertThat(issued(id)).isEqualTo("not_signed_in");
        }
    }

    @Test
    void session_isKeptForTheIdleLimit_andLongerWhenSeen_butNotBeyondTheAbsoluteOne() {
        BearerSecret id = services.session(ada);
        assertThat(valkey().pttl(key(id))).isBetween(millis(Duration.ofMinutes(119)), millis(Duration.ofHours(2)));

        services.clock.advance(Duration.ofMinutes(100));
        see(id);
        assertThat(valkey().pttl(key(id))).isBetween(millis(Duration.ofMinutes(119)), millis(Duration.ofHours(2)));
        services.clock.advance(Duration.ofMinutes(100));
        see(id);
        services.clock.advance(Duration.ofMinutes(60));
        see(id);

        assertThat(valkey().pttl(key(id))).isBetween(millis(Duration.ofMinutes(39)), millis(Duration.ofMinutes(40)));
        assertThat(valkey().keys("*")).allSatisfy(key -> {
            if (!key.contains(":store:")) {
                assertThat(valkey().pttl(key)).as(key).isPositive();
            }
        });
    }

    @Test
    void expiredSession_leavesTheIndexes() {
        BearerSecret expired = services.session(ada);
        services.session(ada);
        valkey().del(key(expired));
        assertThat(services.sessions.count()).isEqualTo(2);

        assertThat(services.sessions.sweep()).as("it may just be beginning").isZero();
        services.clock.advance(Duration.ofMinutes(5));

        assertThat(services.sessions.count(STORE_A, 10)).isEqualTo(1);
        assertThat(services.sessions.count()).isEqualTo(1);
        assertThat(services.sessions.sweep()).isZero();
    }

    @Test
    void nothingInValkey_tellsAnIdOrAnAddress() {
        BearerSecret id = services.session(ada);
        services.signIn(STORE_A, "ada@example.com", "wrong password");

        List<String> everything = valkey().keys("*").stream()
                .flatMap(key ->
                        Stream.of(key, String.valueOf(valkey().type(key).equals("string") ? valkey().get(key) : "")))
                .toList();

        assertThat(everything).anyMatch(text -> text.contains("customer-account"));
        assertThat(everything).anyMatch(text -> text.contains("\"hash\""));
        assertThat(everything).noneMatch(text -> text.contains(id.reveal()) || text.contains("example"));
    }

    @Test
    void otherPatron_onTheSameServer_seesNothingOfIt(@TempDir Path other) {
        BearerSecret id = services.session(ada);

        try (TestServices others = services(other)) {
            Customer theirs = others.customer(STORE_A, "ada@example.com");
            assertThat(theirs.key()).isEqualTo(ada.key());
            assertThat(others.sessions.find(STORE_A, id)).isEmpty();
            assertThat(others.sessions.list(theirs.key(), id)).isEmpty();
            assertThat(others.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 10))
                    .isEmpty();
            others.endSessions(theirs.key());
        }

        assertThat(services.sessions.find(STORE_A, id)).isPresent();
    }

    @Test
    void valkeyAway_nobodyIsToldToBeSignedOut_andWhatEndsMeanwhileHasEnded() {
        BearerSecret kept = services.session(ada);
        Customer grace = services.customer(STORE_A, "grace@example.com");
        BearerSecret ended = services.session(grace);
        assertThat(issued(ended)).isEqualTo("issued");
        BearerSecret signedOut = services.session(ada);
        assertThat(issued(signedOut)).isEqualTo("issued");

        server.kill();
        try {
            assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(() -> issued(kept));
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> services.sessions.find(STORE_A, kept));
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> services.signIn(STORE_A, "ada@example.com", PASSWORD));
            // Needs the database only.
            services.sessions.end(STORE_A, signedOut);
            services.customers.setDisabled(STORE_A, grace.id(), OptionalLong.empty(), true);
            services.customers.setDisabled(STORE_A, grace.id(), OptionalLong.empty(), false);
        } finally {
            server.startAgain();
        }

        awaitValkey();
        assertThat(issued(kept)).isEqualTo("issued");
        assertThat(issued(ended)).isEqualTo("not_signed_in");
        assertThat(issued(signedOut)).isEqualTo("not_signed_in");
        assertThat(services.signIn(STORE_A, "ada@example.com", PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void valkey_isNotAskedWithinATransaction() {
        BearerSecret id = services.session(ada);
        assertThat(services.sessions.find(STORE_A, id)).isPresent();

        assertThatIllegalStateException()
                .isThrownBy(() -> services.database.transaction(_ -> services.sessions.find(STORE_A, id)))
                .withMessageContaining("while a database connection is held");
        assertThatIllegalStateException()
                .isThrownBy(() -> services.database.with(_ -> services.sessions.list(ada.key(), id)));
    }

    /** With the embedded database, one transaction at a time: a sign-in that waits for Valkey must not hold it. */
    @Test
    void valkeyThatHangs_holdsUpNoTransaction() throws Exception {
        server.freeze();
        try {
            CompletableFuture<?> signIn = CompletableFuture.supplyAsync(
                    () -> services.signIn(STORE_A, "ada@example.com", PASSWORD), Thread::startVirtualThread);
            for (int i = 0; i < 20; i++) {
                services.database.transaction(handle -> handle.execute("update store set name = name"));
                services.customers.setDisabled(STORE_A, 99, OptionalLong.empty(), true);
            }
            assertThat(signIn).isNotDone();
            assertThat(signIn.handle((_, failure) -> failure.getCause()).join())
                    .isInstanceOf(StorageUnavailableException.class);
        } finally {
            server.thaw();
        }
        awaitValkey();
    }

    @Test
    void sessionsEndedWhileOneBegins_itBeginsAnewWithTheNewGeneration() {
        BearerSecret first = services.session(ada);
        List<BearerSecret> begun = new ArrayList<>();

        BearerSecret id = services.sessions.beginning(ada.key(), TestServices.ORIGIN, (handle, begin) -> {
            if (begun.isEmpty()) {
                // As if somebody else had ended them all before this transaction began.
                SessionGeneration.renew(handle, ada.key());
                begun.add(first);
            }
            return begin.get();
        });

        assertThat(issued(id)).isEqualTo("issued");
        assertThat(sessionKeys()).hasSize(2);
    }

    @Test
    void sessionsEndedAgainAndAgainWhileOneBegins_noneBegins() {
        assertThatExceptionOfType(StorageUnavailableException.class)
                .isThrownBy(() -> services.sessions.beginning(ada.key(), TestServices.ORIGIN, (handle, begin) -> {
                    SessionGeneration.renew(handle, ada.key());
                    return begin.get();
                }));

        assertThat(sessionKeys()).isEmpty();
        assertThat(services.sessions.count()).isZero();
    }

    @Test
    void signUp_whileValkeyIsAway_makesNobody() throws Exception {
        NewCustomer grace = new NewCustomer("grace@example.com", "Grace", "Hopper", 0);
        server.kill();
        try {
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> services.customers.signUp(STORE_A, grace, PASSWORD, TestServices.ORIGIN));
        } finally {
            server.startAgain();
        }
        awaitValkey();
        assertThat(services.customers.count(STORE_A, 10)).isEqualTo(1);

        SignedIn signedIn = services.customers.signUp(STORE_A, grace, PASSWORD, TestServices.ORIGIN);
        assertThat(issued(signedIn.session())).isEqualTo("issued");
        services.customers.setDisabled(STORE_A, signedIn.customer().id(), OptionalLong.empty(), true);
        assertThat(issued(signedIn.session())).isEqualTo("not_signed_in");
    }

    @Test
    void sessions_beyondTheMostOfACustomer_endTheOldest() {
        BearerSecret oldest = services.session(ada);
        services.clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < Sessions.MOST_PER_CUSTOMER - 1; i++) {
            services.session(ada);
        }
        assertThat(services.sessions.find(STORE_A, oldest)).isPresent();

        services.session(ada);

        assertThat(services.sessions.find(STORE_A, oldest)).isEmpty();
        assertThat(services.sessions.count()).isEqualTo(Sessions.MOST_PER_CUSTOMER);

        // Also those that nothing but their list is left of.
        valkey().del(sessionKeys().toArray(String[]::new));
        services.session(ada);
        assertThat(services.sessions.count()).isEqualTo(Sessions.MOST_PER_CUSTOMER);
    }

    @Test
    void sightings_moreThanOneBatch_areAllWritten() {
        Map<SecretHash, Instant> sightings = new HashMap<>();
        for (int i = 0; i < ValkeySessionStore.BATCH + 1; i++) {
            sightings.put(services.session(ada).hash(), services.clock.instant().plus(Duration.ofHours(1)));
        }
        assertThat(sessionKeys()).noneMatch(key -> valkey().pttl(key) > millis(Duration.ofHours(2)));

        services.sessions.seen(sightings);

        assertThat(sessionKeys())
                .hasSize(ValkeySessionStore.BATCH + 1)
                .allMatch(key -> valkey().pttl(key) > millis(Duration.ofHours(2)));
    }

    @Test
    void endings_areForgottenWhenTheSessionsCouldNotLive() {
        int many = 2_500;
        services.database.transaction(handle -> {
            PreparedBatch batch =
                    handle.prepareBatch("insert into ended_session (session_key, forget_at) values (?, ?)");
            for (long key = 0; key < many; key++) {
                batch.bind(0, key)
                        .bind(1, Database.moment(services.clock.instant()))
                        .add();
            }
            return batch.execute();
        });
        BearerSecret id = services.session(ada);
        services.sessions.end(STORE_A, id);
        assertThat(services.rows("ended_session")).isEqualTo(many + 1);

        services.sessions.sweep();

        assertThat(services.rows("ended_session")).isEqualTo(1);
        services.clock.advance(Duration.ofDays(2));
        services.sessions.sweep();
        assertThat(services.rows("ended_session")).isZero();
    }

    @Test
    void pages_ofAStoresSessions_goOnWhereTheLastEnded_alsoAmongThoseThatBeganAtOnce() {
        for (int i = 0; i < 7; i++) {
            services.session(ada);
        }
        services.clock.advance(Duration.ofSeconds(1));
        services.session(ada);
        services.session(services.customer(STORE_B, "ada@example.com"));

        List<StoreSession> whole =
                services.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 100);
        List<StoreSession> first =
                services.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 3);
        List<StoreSession> second = services.sessions.ofStore(
                STORE_A, OptionalLong.of(ada.id()), first.getLast().cursor(), 3);
        List<StoreSession> third = services.sessions.ofStore(
                STORE_A, OptionalLong.empty(), second.getLast().cursor(), 3);

        assertThat(whole).hasSize(8);
        assertThat(Stream.of(first, second, third).flatMap(List::stream).toList())
                .isEqualTo(whole);
    }

    private static TestServices withoutValkey(TestServices closed) {
        return TestServices.reopen(closed, closed.options.with(Options.SESSIONS_URL, Optional.empty()));
    }

    private static TestServices services(Path folder) {
        return TestServices.open(
                StorageEngine.H2,
                folder,
                "patron.sessions.url=" + server.url(),
                "patron.sessions.idle-limit=2h",
                "patron.sessions.absolute-limit=5h");
    }

    private static RedisCommands<String, String> valkey() {
        return connection.sync();
    }

    private static List<String> sessionKeys() {
        return valkey().keys("*:session:*");
    }

    private static String key(BearerSecret id) {
        return sessionKeys().stream()
                .filter(key -> key.endsWith(String.format("%016x", id.hash().key())))
                .findFirst()
                .orElseThrow();
    }

    private String issued(BearerSecret id) {
        return TestServices.name(services.issue(HOST_A, id, clientId));
    }

    private void see(BearerSecret id) {
        assertThat(issued(id)).isEqualTo("issued");
        services.lastSeen.write();
    }

    /** The client library tries again by itself, each half second at the latest. */
    private void awaitValkey() {
        for (int i = 0; i < 1_000_000; i++) {
            try {
                var _ = services.sessions.count();
                return;
            } catch (StorageUnavailableException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("Valkey does not come back");
    }

    private static long millis(Duration duration) {
        return duration.toMillis();
    }
}
