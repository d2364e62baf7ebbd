package dev.patron.server.session;

import static dev.patron.server.TestRooms.HOST_A;
import static dev.patron.server.TestRooms.PASSWORD;
import static dev.patron.server.TestRooms.STORE_A;
import static dev.patron.server.TestRooms.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.engines.RedisServer;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestRooms;
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

    private TestRooms rooms;
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
        rooms = rooms(folder);
        ada = rooms.customer(STORE_A, "ada@example.com");
        clientId = rooms.apps.create(NewApp.named("App")).app().clientId();
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void sessionThatEnded_broughtBackByAServerThatLostItsLatestWrites_isOver() {
        BearerSecret id = rooms.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();
        String value = valkey().get(key);

        rooms.sessions.end(STORE_A, id);
        assertThat(valkey().exists(key)).isZero();
        valkey().set(key, value);

        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(issued(id)).isEqualTo("not_signed_in");
        assertThat(rooms.sessions.list(ada.key(), id)).isEmpty();
        assertThat(rooms.sessions.end(STORE_A, id.hash().key())).isFalse();
    }

    @Test
    void allSessionsThatEnded_broughtBack_areOver() {
        BearerSecret id = rooms.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();
        String value = valkey().get(key);

        SignedIn changed =
                (SignedIn) rooms.customers.changePassword(ada, PASSWORD, "another password", TestRooms.ORIGIN);
        assertThat(valkey().exists(key)).isZero();
        valkey().set(key, value);

        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(issued(id)).isEqualTo("not_signed_in");
        assertThat(issued(changed.session())).isEqualTo("issued");
    }

    @Test
    void sessionOfAnotherHashUnderTheSameKey_isNone() {
        BearerSecret id = rooms.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();
        String value = valkey().get(key);
        String hash = value.replaceFirst(".*\"hash\":\"([^\"]+)\".*", "$1");

        valkey().set(key, value.replace(hash, (hash.startsWith("A") ? "B" : "A") + hash.substring(1)));

        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(issued(id)).isEqualTo("not_signed_in");
        rooms.sessions.end(STORE_A, id);
        assertThat(valkey().exists(key)).isEqualTo(1);
    }

    @Test
    void sessionOfAnotherStore_isNone() {
        BearerSecret id = rooms.session(ada);
        assertThat(issued(id)).isEqualTo("issued");
        String key = sessionKeys().getFirst();

        valkey().set(key, valkey().get(key).replace(STORE_A, STORE_B));

        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(rooms.sessions.find(STORE_B, id)).isPresent();
        assertThat(issued(id)).isEqualTo("not_signed_in");
    }

    @Test
    void session_ofBeforeTheDatabaseWasTakenBackToAnEarlierState_isNobodysWhoSignsInThen() {
        BearerSecret before = rooms.session(ada);
        assertThat(issued(before)).isEqualTo("issued");

        // As in a copy from before this customer first signed in, or in which another one gets their key.
        rooms.database.transaction(handle -> handle.execute("update customer set session_generation = 0"));

        assertThat(issued(before)).isEqualTo("not_signed_in");
        BearerSecret after = rooms.session(ada);
        assertThat(issued(after)).isEqualTo("issued");
        assertThat(issued(before)).isEqualTo("not_signed_in");
        rooms.sessions.endAll(ada.key());
        assertThat(issued(after)).isEqualTo("not_signed_in");
        assertThat(issued(before)).isEqualTo("not_signed_in");
    }

    @Test
    void keyspaceForgotten_nothingThatIsThereCounts() {
        BearerSecret before = rooms.session(ada);
        TestRooms closed = rooms;
        closed.close();
        rooms = TestRooms.reopen(closed);
        assertThat(issued(before)).isEqualTo("issued");

        Valkey.forget(rooms.database);
        rooms.close();
        rooms = TestRooms.reopen(closed);

        assertThat(issued(before)).isEqualTo("not_signed_in");
        assertThat(issued(rooms.session(ada))).isEqualTo("issued");
    }

    @Test
    void turnedOnAndOff_sessionsOfBeforeWait_andThoseThatEndMeanwhileHaveEnded() {
        Customer grace = rooms.customer(STORE_A, "grace@example.com");
        TestRooms with = rooms;
        BearerSecret adas = with.session(ada);
        BearerSecret graces = with.session(grace);
        with.close();

        rooms = withoutValkey(with);
        assertThat(issued(adas)).isEqualTo("not_signed_in");
        BearerSecret gracesRow = rooms.session(grace);
        BearerSecret endedRow = rooms.session(grace);
        assertThat(issued(endedRow)).isEqualTo("issued");
        rooms.sessions.endAll(ada.key());
        BearerSecret adasRow = rooms.session(ada);
        assertThat(issued(adasRow)).isEqualTo("issued");
        rooms.close();

        rooms = TestRooms.reopen(with);
        assertThat(issued(adasRow)).isEqualTo("not_signed_in");
        assertThat(issued(adas)).isEqualTo("not_signed_in");
        assertThat(issued(graces)).isEqualTo("issued");
        rooms.sessions.end(STORE_A, endedRow);
        rooms.sessions.endAll(ada.key());
        rooms.close();

        rooms = withoutValkey(with);
        assertThat(issued(adasRow)).isEqualTo("not_signed_in");
        assertThat(issued(endedRow)).isEqualTo("not_signed_in");
        assertThat(issued(gracesRow)).isEqualTo("issued");
    }

    @Test
    void customerWithSessionsOfATimeWithoutValkey_canBeErased() {
        TestRooms with = rooms;
        with.close();
        rooms = withoutValkey(with);
        rooms.session(ada);
        assertThat(rooms.rows("session")).isEqualTo(1);
        rooms.close();

        rooms = TestRooms.reopen(with);
        rooms.customers.erase(STORE_A, ada.id());

        assertThat(rooms.rows("session")).isZero();
    }

    @Test
    void valueThatIsNoSession_isNone() {
        for (String value : List.of("", "null", "{}", "[]", "42", "{\"hash\":null}", "\u0000")) {
            BearerSecret id = rooms.session(ada);
            assertThat(issued(id)).isEqualTo("issued");
            valkey().set(key(id), value);

            assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
            assertThat(issued(id)).isEqualTo("not_signed_in");
        }
    }

    @Test
    void session_isKeptForTheIdleLimit_andLongerWhenSeen_butNotBeyondTheAbsoluteOne() {
        BearerSecret id = rooms.session(ada);
        assertThat(valkey().pttl(key(id))).isBetween(millis(Duration.ofMinutes(119)), millis(Duration.ofHours(2)));

        rooms.clock.advance(Duration.ofMinutes(100));
        see(id);
        assertThat(valkey().pttl(key(id))).isBetween(millis(Duration.ofMinutes(119)), millis(Duration.ofHours(2)));
        rooms.clock.advance(Duration.ofMinutes(100));
        see(id);
        rooms.clock.advance(Duration.ofMinutes(60));
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
        BearerSecret expired = rooms.session(ada);
        rooms.session(ada);
        valkey().del(key(expired));
        assertThat(rooms.sessions.count()).isEqualTo(2);

        assertThat(rooms.sessions.sweep()).as("it may just be beginning").isZero();
        rooms.clock.advance(Duration.ofMinutes(5));

        assertThat(rooms.sessions.count(STORE_A, 10)).isEqualTo(1);
        assertThat(rooms.sessions.count()).isEqualTo(1);
        assertThat(rooms.sessions.sweep()).isZero();
    }

    @Test
    void nothingInValkey_tellsAnIdOrAnAddress() {
        BearerSecret id = rooms.session(ada);
        rooms.signIn(STORE_A, "ada@example.com", "wrong password");

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
        BearerSecret id = rooms.session(ada);

        try (TestRooms others = rooms(other)) {
            Customer theirs = others.customer(STORE_A, "ada@example.com");
            assertThat(theirs.key()).isEqualTo(ada.key());
            assertThat(others.sessions.find(STORE_A, id)).isEmpty();
            assertThat(others.sessions.list(theirs.key(), id)).isEmpty();
            assertThat(others.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 10))
                    .isEmpty();
            others.sessions.endAll(theirs.key());
        }

        assertThat(rooms.sessions.find(STORE_A, id)).isPresent();
    }

    @Test
    void valkeyAway_nobodyIsToldToBeSignedOut_andWhatEndsMeanwhileHasEnded() {
        BearerSecret kept = rooms.session(ada);
        Customer grace = rooms.customer(STORE_A, "grace@example.com");
        BearerSecret ended = rooms.session(grace);
        assertThat(issued(ended)).isEqualTo("issued");
        BearerSecret signedOut = rooms.session(ada);
        assertThat(issued(signedOut)).isEqualTo("issued");

        server.kill();
        try {
            assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(() -> issued(kept));
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> rooms.sessions.find(STORE_A, kept));
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> rooms.signIn(STORE_A, "ada@example.com", PASSWORD));
            // Needs the database only.
            rooms.sessions.end(STORE_A, signedOut);
            rooms.customers.setDisabled(STORE_A, grace.id(), OptionalLong.empty(), true);
            rooms.customers.setDisabled(STORE_A, grace.id(), OptionalLong.empty(), false);
        } finally {
            server.startAgain();
        }

        awaitValkey();
        assertThat(issued(kept)).isEqualTo("issued");
        assertThat(issued(ended)).isEqualTo("not_signed_in");
        assertThat(issued(signedOut)).isEqualTo("not_signed_in");
        assertThat(rooms.signIn(STORE_A, "ada@example.com", PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void valkey_isNotAskedWithinATransaction() {
        BearerSecret id = rooms.session(ada);
        assertThat(rooms.sessions.find(STORE_A, id)).isPresent();

        assertThatIllegalStateException()
                .isThrownBy(() -> rooms.database.transaction(_ -> rooms.sessions.find(STORE_A, id)))
                .withMessageContaining("while a database connection is held");
        assertThatIllegalStateException()
                .isThrownBy(() -> rooms.database.with(_ -> rooms.sessions.list(ada.key(), id)));
    }

    /** With the embedded database, one transaction at a time: a sign-in that waits for Valkey must not hold it. */
    @Test
    void valkeyThatHangs_holdsUpNoTransaction() throws Exception {
        server.freeze();
        try {
            CompletableFuture<?> signIn = CompletableFuture.supplyAsync(
                    () -> rooms.signIn(STORE_A, "ada@example.com", PASSWORD), Thread::startVirtualThread);
            for (int i = 0; i < 20; i++) {
                rooms.database.transaction(handle -> handle.execute("update store set name = name"));
                rooms.customers.setDisabled(STORE_A, 99, OptionalLong.empty(), true);
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
        BearerSecret first = rooms.session(ada);
        List<BearerSecret> begun = new ArrayList<>();

        BearerSecret id = rooms.sessions.beginning(ada.key(), TestRooms.ORIGIN, (handle, begin) -> {
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
                .isThrownBy(() -> rooms.sessions.beginning(ada.key(), TestRooms.ORIGIN, (handle, begin) -> {
                    SessionGeneration.renew(handle, ada.key());
                    return begin.get();
                }));

        assertThat(sessionKeys()).isEmpty();
        assertThat(rooms.sessions.count()).isZero();
    }

    @Test
    void signUp_whileValkeyIsAway_makesNobody() throws Exception {
        NewCustomer grace = new NewCustomer("grace@example.com", "Grace", "Hopper", 0);
        server.kill();
        try {
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> rooms.customers.signUp(STORE_A, grace, PASSWORD, TestRooms.ORIGIN));
        } finally {
            server.startAgain();
        }
        awaitValkey();
        assertThat(rooms.customers.count(STORE_A, 10)).isEqualTo(1);

        SignedIn signedIn = rooms.customers.signUp(STORE_A, grace, PASSWORD, TestRooms.ORIGIN);
        assertThat(issued(signedIn.session())).isEqualTo("issued");
        rooms.customers.setDisabled(STORE_A, signedIn.customer().id(), OptionalLong.empty(), true);
        assertThat(issued(signedIn.session())).isEqualTo("not_signed_in");
    }

    @Test
    void sessions_beyondTheMostOfACustomer_endTheOldest() {
        BearerSecret oldest = rooms.session(ada);
        rooms.clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < Sessions.MOST_PER_CUSTOMER - 1; i++) {
            rooms.session(ada);
        }
        assertThat(rooms.sessions.find(STORE_A, oldest)).isPresent();

        rooms.session(ada);

        assertThat(rooms.sessions.find(STORE_A, oldest)).isEmpty();
        assertThat(rooms.sessions.count()).isEqualTo(Sessions.MOST_PER_CUSTOMER);

        // Also those that nothing but their list is left of.
        valkey().del(sessionKeys().toArray(String[]::new));
        rooms.session(ada);
        assertThat(rooms.sessions.count()).isEqualTo(Sessions.MOST_PER_CUSTOMER);
    }

    @Test
    void sightings_moreThanOneBatch_areAllWritten() {
        Map<SecretHash, Instant> sightings = new HashMap<>();
        for (int i = 0; i < KeptSessions.BATCH + 1; i++) {
            sightings.put(rooms.session(ada).hash(), rooms.clock.instant().plus(Duration.ofHours(1)));
        }
        assertThat(sessionKeys()).noneMatch(key -> valkey().pttl(key) > millis(Duration.ofHours(2)));

        rooms.sessions.seen(sightings);

        assertThat(sessionKeys())
                .hasSize(KeptSessions.BATCH + 1)
                .allMatch(key -> valkey().pttl(key) > millis(Duration.ofHours(2)));
    }

    @Test
    void endings_areForgottenWhenTheSessionsCouldNotLive() {
        int many = 2_500;
        rooms.database.transaction(handle -> {
            PreparedBatch batch =
                    handle.prepareBatch("insert into ended_session (session_key, forget_at) values (?, ?)");
            for (long key = 0; key < many; key++) {
                batch.bind(0, key)
                        .bind(1, Database.moment(rooms.clock.instant()))
                        .add();
            }
            return batch.execute();
        });
        BearerSecret id = rooms.session(ada);
        rooms.sessions.end(STORE_A, id);
        assertThat(rooms.rows("ended_session")).isEqualTo(many + 1);

        rooms.sessions.sweep();

        assertThat(rooms.rows("ended_session")).isEqualTo(1);
        rooms.clock.advance(Duration.ofDays(2));
        rooms.sessions.sweep();
        assertThat(rooms.rows("ended_session")).isZero();
    }

    @Test
    void pages_ofAStoresSessions_goOnWhereTheLastEnded_alsoAmongThoseThatBeganAtOnce() {
        for (int i = 0; i < 7; i++) {
            rooms.session(ada);
        }
        rooms.clock.advance(Duration.ofSeconds(1));
        rooms.session(ada);
        rooms.session(rooms.customer(STORE_B, "ada@example.com"));

        List<StoreSession> whole =
                rooms.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 100);
        List<StoreSession> first = rooms.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 3);
        List<StoreSession> second = rooms.sessions.ofStore(
                STORE_A, OptionalLong.of(ada.id()), first.getLast().cursor(), 3);
        List<StoreSession> third = rooms.sessions.ofStore(
                STORE_A, OptionalLong.empty(), second.getLast().cursor(), 3);

        assertThat(whole).hasSize(8);
        assertThat(Stream.of(first, second, third).flatMap(List::stream).toList())
                .isEqualTo(whole);
    }

    private static TestRooms withoutValkey(TestRooms closed) {
        return TestRooms.reopen(closed, closed.options.with(Options.SESSIONS_URL, Optional.empty()));
    }

    private static TestRooms rooms(Path folder) {
        return TestRooms.open(
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
        return TestRooms.name(rooms.issue(HOST_A, id, clientId));
    }

    private void see(BearerSecret id) {
        assertThat(issued(id)).isEqualTo("issued");
        rooms.lastSeen.write();
    }

    /** The client library tries again by itself, each half second at the latest. */
    private void awaitValkey() {
        for (int i = 0; i < 1_000_000; i++) {
            try {
                var _ = rooms.sessions.count();
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
