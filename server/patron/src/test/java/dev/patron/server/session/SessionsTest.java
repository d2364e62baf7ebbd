package dev.patron.server.session;

import static dev.patron.server.TestServices.PASSWORD;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.server.OnEachSessionEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.SignIn.Refused;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.secret.BearerSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachSessionEngine
class SessionsTest {

    private static final Duration IDLE = Duration.ofHours(2);
    private static final Duration ABSOLUTE = Duration.ofHours(5);
    private static final Duration TICK = Duration.ofNanos(1000);

    private final StorageEngine engine;
    private TestServices services;
    private Customer ada;

    SessionsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services =
                TestServices.open(engine, folder, "patron.sessions.idle-limit=2h", "patron.sessions.absolute-limit=5h");
        ada = services.customer(STORE_A, "ada@example.com");
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void begin_newSession_isFound() {
        BearerSecret id = services.session(ada);

        assertThat(services.sessions.find(STORE_A, id))
                .contains(new Session(ada.key(), services.clock.instant(), services.clock.instant(), true));
    }

    @Test
    void begin_rolledBack_leavesNothing() {
        long before = services.sessions.count();

        List<BearerSecret> begun = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> services.sessions.beginning(ada.key(), TestServices.ORIGIN, (_, begin) -> {
                    begun.add(begin.get());
                    throw new IllegalStateException("Something else of the transaction failed");
                }));

        assertThat(services.sessions.count()).isEqualTo(before);
        assertThat(begun).hasSize(1);
        assertThat(services.sessions.find(STORE_A, begun.getFirst())).isEmpty();
    }

    @Test
    void beginning_withoutBeginning_leavesNothing() {
        long before = services.sessions.count();

        assertThat(services.sessions.<String>beginning(ada.key(), TestServices.ORIGIN, (_, _) -> "refused"))
                .isEqualTo("refused");

        assertThat(services.sessions.count()).isEqualTo(before);
    }

    @Test
    void renewing_endsTheOthers() {
        BearerSecret before = services.session(ada);

        BearerSecret renewed = services.sessions.renewing(ada.key(), TestServices.ORIGIN, (_, begin) -> begin.get());

        assertThat(services.sessions.find(STORE_A, before)).isEmpty();
        assertThat(services.sessions.find(STORE_A, renewed)).isPresent();
        assertThat(services.sessions.count()).isEqualTo(1);
    }

    @Test
    void session_ofACustomerWhoIsGone_doesNotBegin() {
        services.customers.erase(STORE_A, ada.id());

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> services.session(ada));
        assertThat(services.sessions.count()).isZero();
    }

    @Test
    void begin_manyTimes_neverGivesTheSameIdAgain() {
        Set<BearerSecret> ids = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ids.add(services.session(ada));
        }

        assertThat(ids).hasSize(200);
        assertThat(ids).allSatisfy(id -> assertThat(id.reveal()).matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void find_unknownId_isEmpty() {
        services.session(ada);

        assertThat(services.sessions.find(STORE_A, BearerSecret.create())).isEmpty();
    }

    @Test
    void find_idleLimit_endsTheSessionAtItsExactEdge() {
        BearerSecret id = services.session(ada);

        services.clock.advance(IDLE.minus(TICK));
        assertThat(services.sessions.find(STORE_A, id)).isPresent();
        assertThat(services.sessions.list(ada.key(), id)).hasSize(1);

        services.clock.advance(TICK);
        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(services.sessions.list(ada.key(), id)).isEmpty();
    }

    @Test
    void find_absoluteLimit_endsABusySessionAtItsExactEdge() {
        BearerSecret id = services.session(ada);
        Instant began = services.clock.instant();
        for (Duration at = Duration.ofHours(1); at.compareTo(ABSOLUTE) < 0; at = at.plusHours(1)) {
            services.clock.set(began.plus(at));
            see(id);
        }

        services.clock.set(began.plus(ABSOLUTE).minus(TICK));
        assertThat(services.sessions.find(STORE_A, id)).isPresent();

        services.clock.advance(TICK);
        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
    }

    @Test
    void end_once_endsOnlyThisSession() {
        BearerSecret ended = services.session(ada);
        BearerSecret other = services.session(ada);

        services.sessions.end(STORE_A, ended);

        assertThat(services.sessions.find(STORE_A, ended)).isEmpty();
        assertThat(services.sessions.find(STORE_A, other)).isPresent();
    }

    @Test
    void end_twice_changesNothing() {
        BearerSecret id = services.session(ada);
        services.session(ada);
        services.sessions.end(STORE_A, id);

        services.sessions.end(STORE_A, id);

        assertThat(services.sessions.count()).isEqualTo(1);
    }

    @Test
    void endAll_ofOneCustomer_leavesTheOthers() {
        Customer grace = services.customer(STORE_A, "grace@example.com");
        BearerSecret one = services.session(ada);
        BearerSecret two = services.session(ada);
        BearerSecret hers = services.session(grace);

        services.endSessions(ada.key());

        assertThat(services.sessions.find(STORE_A, one)).isEmpty();
        assertThat(services.sessions.find(STORE_A, two)).isEmpty();
        assertThat(services.sessions.find(STORE_A, hers)).isPresent();
    }

    @Test
    void list_severalSessions_isNewestFirstAndMarksTheCurrentOne() {
        BearerSecret older = services.session(ada);
        Instant first = services.clock.instant();
        services.clock.advance(Duration.ofMinutes(3));
        services.session(ada);
        Instant second = services.clock.instant();

        assertThat(services.sessions.list(ada.key(), older))
                .containsExactly(
                        new Session(ada.key(), second, second, false), new Session(ada.key(), first, first, true));
    }

    @Test
    void sweep_sessionsPastALimit_removesTheirRowsAndNoOther() {
        BearerSecret idle = services.session(ada);
        services.clock.advance(TICK);
        BearerSecret inUse = services.session(ada);
        services.clock.advance(IDLE.minus(TICK));

        assertThat(services.sessions.sweep()).isEqualTo(1);

        assertThat(services.sessions.find(STORE_A, idle)).isEmpty();
        assertThat(services.sessions.find(STORE_A, inUse)).isPresent();
        assertThat(services.sessions.count()).isEqualTo(1);
        assertThat(services.sessions.sweep()).isZero();
    }

    @Test
    void sweep_busySessionPastTheAbsoluteLimit_isRemoved() {
        BearerSecret id = services.session(ada);
        Instant began = services.clock.instant();
        for (Duration at = Duration.ofHours(1); at.compareTo(ABSOLUTE) < 0; at = at.plusHours(1)) {
            services.clock.set(began.plus(at));
            see(id);
        }
        services.clock.set(began.plus(ABSOLUTE));

        assertThat(services.sessions.sweep()).isEqualTo(1);
    }

    @Test
    void lastSeen_withinAMinute_isNotWritten() {
        BearerSecret id = services.session(ada);
        Instant began = services.clock.instant();

        services.clock.advance(Duration.ofMinutes(1).minus(TICK));
        see(id);
        assertThat(lastSeen(id)).isEqualTo(began);

        services.clock.advance(TICK);
        see(id);
        assertThat(lastSeen(id)).isEqualTo(began.plus(Duration.ofMinutes(1)));
    }

    @Test
    void lastSeen_notedButNotWrittenYet_isOnlyInMemory() {
        BearerSecret id = services.session(ada);
        Instant began = services.clock.instant();
        services.clock.advance(Duration.ofMinutes(2));

        services.lastSeen.note(id.hash(), began, services.clock.instant());

        assertThat(lastSeen(id)).isEqualTo(began);
        services.lastSeen.write();
        assertThat(lastSeen(id)).isEqualTo(services.clock.instant());
    }

    @Test
    void lastSeen_ofASessionEndedMeanwhile_doesNotReviveIt() {
        BearerSecret id = services.session(ada);
        Instant began = services.clock.instant();
        services.clock.advance(Duration.ofMinutes(2));
        services.lastSeen.note(id.hash(), began, services.clock.instant());

        services.sessions.end(STORE_A, id);
        services.lastSeen.write();

        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(services.sessions.count()).isZero();
    }

    @Test
    void lastSeen_ofOneSession_doesNotTouchAnother() {
        BearerSecret seen = services.session(ada);
        BearerSecret unseen = services.session(ada);
        Instant began = services.clock.instant();
        services.clock.advance(Duration.ofMinutes(2));

        see(seen);

        assertThat(lastSeen(seen)).isEqualTo(services.clock.instant());
        assertThat(lastSeen(unseen)).isEqualTo(began);
    }

    @Test
    void signIn_again_givesANewSessionAndKeepsTheOther() {
        SignedIn first = (SignedIn) services.signIn(STORE_A, ada.email(), PASSWORD);
        SignedIn second = (SignedIn) services.signIn(STORE_A, ada.email(), PASSWORD);

        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(services.sessions.find(STORE_A, first.session())).isPresent();
        assertThat(services.sessions.find(STORE_A, second.session())).isPresent();
    }

    @Test
    void changePassword_right_endsEverySessionAndBeginsANewOne() {
        BearerSecret one = services.session(ada);
        BearerSecret two = services.session(ada);

        SignedIn changed =
                (SignedIn) services.customers.changePassword(ada, PASSWORD, "another password", TestServices.ORIGIN);

        assertThat(services.sessions.find(STORE_A, one)).isEmpty();
        assertThat(services.sessions.find(STORE_A, two)).isEmpty();
        assertThat(services.sessions.find(STORE_A, changed.session())).isPresent();
    }

    @Test
    void changePassword_wrongCurrentPassword_leavesSessionsAndPassword() {
        BearerSecret one = services.session(ada);

        assertThat(services.customers.changePassword(ada, "wrong password", "another password", TestServices.ORIGIN))
                .isEqualTo(new Refused());

        assertThat(services.sessions.find(STORE_A, one)).isPresent();
        assertThat(services.signIn(STORE_A, ada.email(), PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void setDisabled_true_endsEverySessionForGood() {
        BearerSecret id = services.session(ada);

        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), true);
        assertThat(services.sessions.find(STORE_A, id)).isEmpty();

        services.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), false);
        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        assertThat(services.sessions.count()).isZero();
    }

    @Test
    void sessions_afterReopening_areThere(@TempDir Path folder) {
        BearerSecret begun;
        BearerSecret ended;
        TestServices first = TestServices.open(engine, folder);
        try (first) {
            Customer customer = first.customer(STORE_A, "ada@example.com");
            begun = first.session(customer);
            ended = first.session(customer);
            first.sessions.end(STORE_A, ended);
        }

        try (TestServices second = TestServices.reopen(first)) {
            assertThat(second.sessions.find(STORE_A, begun)).isPresent();
            assertThat(second.sessions.find(STORE_A, ended)).isEmpty();
        }
    }

    private void see(BearerSecret id) {
        Session session = services.sessions.find(STORE_A, id).orElseThrow();
        services.lastSeen.note(id.hash(), session.lastSeenAt(), services.clock.instant());
        services.lastSeen.write();
    }

    private Instant lastSeen(BearerSecret id) {
        return services.sessions.find(STORE_A, id).orElseThrow().lastSeenAt();
    }
}
