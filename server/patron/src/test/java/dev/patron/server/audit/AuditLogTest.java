package dev.patron.server.audit;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.HOST_B;
import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.TestServices.STORE_B;
import static dev.patron.server.audit.Tokens.APP;
import static dev.patron.server.audit.Tokens.OTHER_APP;
import static dev.patron.server.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.Apps;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.Customer;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.Database;
import dev.patron.token.JwsAlgorithm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class AuditLogTest {

    private final StorageEngine engine;
    private TestServices services;
    private AuditLog auditLog;

    AuditLogTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(
                engine, folder, "patron.ledger.disclosures-kept=10d", "patron.ledger.refusals-kept=2d");
        auditLog = services.auditLog;
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void issue_isTakenDownWithWhatTheTokenTells() {
        Customer ada = services.customer(STORE_A, "ada@example.com");
        Apps.Registered app = services.apps.create(TestServices.newApp(
                "App",
                "",
                Optional.empty(),
                Optional.empty(),
                JwsAlgorithm.HS256,
                Set.of(ExtraClaim.JWT_ID, ExtraClaim.CHANNEL_ID),
                Set.of(),
                Set.of()));
        services.clock.advance(Duration.ofMillis(1234));

        assertThat(issued(ada, app)).isEqualTo("issued");
        auditLog.write();

        assertThat(all(STORE_A))
                .containsExactly(new Disclosure(
                        TestClock.START.plusMillis(1234),
                        STORE_A,
                        app.app().clientId(),
                        List.of("id", "email", "group_id", "jti", "channel_id"),
                        app.app().signingSecret().id(),
                        OptionalLong.of(ada.id())));
    }

    @Test
    void issue_withoutExtraClaims_tellsOfThoseThatEachTokenHas() {
        assertThat(issued(services.customer(STORE_A, "ada@example.com"), services.apps.create(NewApp.named("App"))))
                .isEqualTo("issued");
        auditLog.write();

        assertThat(all(STORE_A)).extracting(Disclosure::claims).containsExactly(List.of("id", "email", "group_id"));
    }

    @Test
    void dryRun_answersTheSame_andIsNotTakenDown() {
        BearerSecret session = services.session(services.customer(STORE_A, "ada@example.com"));
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();

        assertThat(TestServices.name(services.dryRun(HOST_A, session, clientId)))
                .isEqualTo("issued");
        assertThat(TestServices.name(services.dryRun(HOST_B, session, clientId)))
                .isEqualTo("not_signed_in");
        auditLog.write();

        assertThat(all(STORE_A)).isEmpty();
        assertThat(services.rows("hourly_count")).isZero();
    }

    @Test
    void write_notesWhenASecretLastSigned() {
        Customer ada = services.customer(STORE_A, "ada@example.com");
        Apps.Registered app = services.apps.create(NewApp.named("App"));
        assertThat(lastSigned(app)).isEmpty();

        issued(ada, app);
        services.clock.advance(Duration.ofSeconds(5));
        issued(ada, app);
        auditLog.write();
        assertThat(lastSigned(app)).contains(TestClock.START.plusSeconds(5));

        // The clock was set back: the latest counts.
        services.clock.set(TestClock.START);
        issued(ada, app);
        auditLog.write();
        assertThat(lastSigned(app)).contains(TestClock.START.plusSeconds(5));
    }

    @Test
    void write_manyAtOnce_shareRowsAndAreAllThere() {
        long ada = services.customer(STORE_A, "ada@example.com").key();
        long bob = services.customer(STORE_A, "bob@example.com").key();
        for (int i = 0; i < 2500; i++) {
            assertThat(auditLog.disclosed(token(STORE_A, i % 5 == 0 ? OTHER_APP : APP, i % 2 == 0 ? ada : bob, i)))
                    .isTrue();
        }
        auditLog.write();

        assertThat(services.rows("disclosure")).isEqualTo(2 + 1);
        List<Disclosure> all = all(STORE_A);
        assertThat(all).hasSize(2500);
        assertThat(all.stream().map(Disclosure::at).distinct()).hasSize(2500);
        assertThat(all).allSatisfy(one -> {
            long millis = Duration.between(TestClock.START, one.at()).toMillis();
            assertThat(one.clientId()).isEqualTo(millis % 5 == 0 ? OTHER_APP : APP);
            assertThat(one.customerId()).hasValue(millis % 2 == 0 ? 1 : 2);
        });
        assertThat(counts(STORE_A)).isEqualTo(Map.of(APP + " issued", 2000L, OTHER_APP + " issued", 500L));
    }

    @Test
    void write_manyOverALongTime_sharesNoRowForLongerThanItHolds() {
        long ada = services.customer(STORE_A, "ada@example.com").key();
        for (int i = 0; i < 200; i++) {
            // Storage was away for more than three hours, and the clock was set back in between.
            auditLog.disclosed(token(STORE_A, APP, ada, i == 100 ? 0 : i * 59_999L));
        }
        auditLog.write();

        assertThat(all(STORE_A)).hasSize(200).extracting(Disclosure::at).contains(Tokens.at(199 * 59_999L));
        assertThat(services.rows("hourly_count")).isEqualTo(4);
    }

    @Test
    void counts_grow_andAreOfTheirHour() {
        for (int hour = 0; hour < 3; hour++) {
            for (int i = 0; i <= hour; i++) {
                auditLog.disclosed(token(STORE_A, APP, 1, Duration.ofHours(hour).toMillis() + i));
                auditLog.write();
            }
        }

        assertThat(services.activity.countsOfStore(STORE_A, Optional.empty(), span(0, 3)))
                .extracting(HourlyCount::hour, HourlyCount::times)
                .containsExactly(
                        tuple(TestClock.START, 1L),
                        tuple(TestClock.START.plus(Duration.ofHours(1)), 2L),
                        tuple(TestClock.START.plus(Duration.ofHours(2)), 3L));
        assertThat(services.activity.countsOfStore(STORE_A, Optional.empty(), span(1, 2)))
                .extracting(HourlyCount::times)
                .containsExactly(2L);
    }

    @Test
    void disclosed_beyondTheRoom_isRefusedUntilSomeAreWritten() {
        try (AuditLog small = new AuditLog(services.database, services.options, services.clock, 2)) {
            assertThat(small.disclosed(token(STORE_A, APP, 1, 1))).isTrue();
            assertThat(small.disclosed(token(STORE_A, APP, 1, 2))).isTrue();

            assertThat(small.disclosed(token(STORE_A, APP, 1, 3))).isFalse();

            small.write();
            assertThat(small.disclosed(token(STORE_A, APP, 1, 4))).isTrue();
        }
        assertThat(services.rows("disclosure")).isEqualTo(3);
    }

    @Test
    void write_whileNothingCanBeWritten_losesNothing_andTakesUpNoMoreThanThereIsRoomFor() {
        try (AuditLog small = new AuditLog(services.database, services.options, services.clock, 3)) {
            small.disclosed(token(STORE_A, APP, 1, 1));
            small.refused(HOST_A, null, "not_signed_in");
            services.database.with(handle -> handle.execute("alter table hourly_count rename to away"));

            small.write();
            // What failed still takes up room.
            assertThat(small.disclosed(token(STORE_A, APP, 1, 2))).isTrue();
            small.write();
            assertThat(small.disclosed(token(STORE_A, APP, 1, 3))).isTrue();
            assertThat(small.disclosed(token(STORE_A, APP, 1, 4))).isFalse();
            assertThat(small.waiting()).isEqualTo(3);
            assertThat(services.rows("disclosure")).isZero();
            assertThat(services.rows("ledger_set_aside")).isZero();

            services.database.with(handle -> handle.execute("alter table away rename to hourly_count"));
            small.write();

            assertThat(small.waiting()).isZero();
            assertThat(all(STORE_A))
                    .extracting(Disclosure::at)
                    .containsExactly(Tokens.at(3), Tokens.at(2), Tokens.at(1));
            assertThat(counts(STORE_A)).isEqualTo(Map.of(APP + " issued", 3L, " not_signed_in", 1L));
        }
    }

    @Test
    @Timeout(120)
    void write_recordsThatTheDatabaseRefuses_areSetAside_andTheOthersAreWrittenOnce() {
        services.database.with(handle -> handle.execute(
                "alter table disclosure add constraint not_this check (customer_key is null or customer_key <> 666)"));
        for (int i = 0; i < 90; i++) {
            auditLog.disclosed(token(STORE_A, APP, i == 17 || i == 60 ? 666 : 1, i));
        }
        auditLog.disclosed(token(STORE_A, "x".repeat(65), 1, 90));
        auditLog.refused(HOST_A, null, "not_signed_in");
        auditLog.refused(HOST_A, null, "r".repeat(41));

        auditLog.write();

        assertThat(auditLog.waiting()).isZero();
        assertThat(auditLog.lag()).isZero();
        assertThat(all(STORE_A)).extracting(Disclosure::at).hasSize(88).doesNotHaveDuplicates();
        assertThat(counts(STORE_A)).isEqualTo(Map.of(APP + " issued", 88L, " not_signed_in", 1L));
        // The refusal is a count and an event.
        assertThat(auditLog.setAside()).isEqualTo(5);
        SetAside setAside = SetAside.read(services.database);
        assertThat(setAside.count()).isEqualTo(5);
        assertThat(setAside.newest()).allSatisfy(one -> assertThat(one).contains("SQLSTATE"));
        assertThat(services.database.<List<String>>with(handle -> handle.createQuery(
                                "select record from ledger_set_aside where kind = 'disclosure' order by set_aside_id")
                        .mapTo(String.class)
                        .list()))
                .satisfiesExactly(
                        one -> assertThat(one).contains("at=" + Tokens.at(17), "store=" + STORE_A, "app=" + APP),
                        one -> assertThat(one).contains("at=" + Tokens.at(60)),
                        one -> assertThat(one).contains("at=" + Tokens.at(90), "x".repeat(65)));

        auditLog.disclosed(token(STORE_A, APP, 1, 91));
        auditLog.write();
        assertThat(all(STORE_A)).hasSize(89);
        assertThat(SetAside.read(services.database).count()).isEqualTo(5);
    }

    @Test
    void write_whenThereIsNoRoomToSetAside_keepsDisclosures_andDropsRefusals() {
        services.database.transaction(handle -> {
            PreparedBatch full = handle.prepareBatch(
                    "insert into ledger_set_aside (set_aside_at, kind, record, fault) values (?, 'refusal', '', '')");
            for (int i = 0; i < SetAside.MOST - 1; i++) {
                full.bind(0, Database.moment(services.clock.instant())).add();
            }
            return full.execute();
        });
        auditLog.refused(HOST_A, null, "r".repeat(41));
        auditLog.write();
        assertThat(auditLog.setAside()).isEqualTo(2);
        assertThat(services.rows("ledger_set_aside")).isEqualTo(SetAside.MOST);

        auditLog.disclosed(token(STORE_A, "x".repeat(65), 1, 1));
        auditLog.disclosed(token(STORE_A, APP, 1, 2));
        auditLog.write();
        assertThat(auditLog.waiting()).isEqualTo(2);

        // They are removed when disclosures of their time are.
        services.clock.advance(Duration.ofDays(11));
        auditLog.sweep();
        auditLog.write();
        assertThat(auditLog.waiting()).isZero();
        assertThat(all(STORE_A)).hasSize(1);
        assertThat(services.rows("ledger_set_aside")).isEqualTo(1);
    }

    @Test
    void setAside_thatIsDoneAgain_isThereOnce_andIsNotWritten() {
        Batch poison = new Batch(1, waiting(token(STORE_A, APP, 1, 1)), RefusalCounts.Taken.NOTHING);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(services.database.<Boolean>transaction(
                            handle -> poison.setAside(handle, 7, "SQLSTATE 22001", TestClock.START)))
                    .isTrue();
            services.database.transaction(handle -> poison.write(handle, 7, TestClock.START));
        }

        assertThat(services.rows("ledger_set_aside")).isEqualTo(1);
        assertThat(services.rows("disclosure")).isZero();
    }

    @Test
    void erase_reachesWhatIsSetAside_beforeAndAfter() {
        Customer ada = services.customer(STORE_A, "ada@example.com");
        auditLog.disclosed(token(STORE_A, "x".repeat(65), ada.key(), 1));
        auditLog.write();
        assertThat(keysSetAside()).containsExactly(ada.key());

        services.database.transaction(handle -> auditLog.erase(handle, STORE_A, ada.id()));
        assertThat(keysSetAside()).isEmpty();
        auditLog.disclosed(token(STORE_A, "x".repeat(65), ada.key(), 2));
        auditLog.write();

        assertThat(services.rows("ledger_set_aside")).isEqualTo(2);
        assertThat(keysSetAside()).isEmpty();
    }

    private List<Long> keysSetAside() {
        return services.database.with(
                handle -> handle.createQuery("select customer_key from ledger_set_aside where customer_key is not null")
                        .mapTo(Long.class)
                        .list());
    }

    @Test
    void batch_thatIsWrittenAgain_countsOnce() {
        RefusalCounts refusals = new RefusalCounts();
        refusals.count(TestClock.START, HOST_A, "", "cross_site");
        Batch first = new Batch(1, waiting(token(STORE_A, APP, 1, 1)), refusals.take());
        Batch second = new Batch(2, waiting(token(STORE_A, APP, 1, 2)), refusals.take());

        // The first attempt was committed, and its answer was lost.
        for (Batch attempt : List.of(first, first, second, second)) {
            services.database.transaction(handle -> attempt.write(handle, 7, TestClock.START));
        }
        assertThat(services.rows("disclosure")).isEqualTo(2);
        assertThat(services.rows("refusal")).isEqualTo(1);
        assertThat(counts(STORE_A)).isEqualTo(Map.of(APP + " issued", 2L, " cross_site", 1L));

        // Another process has numbers of its own.
        services.database.transaction(handle -> first.write(handle, 8, TestClock.START));
        assertThat(services.rows("disclosure")).isEqualTo(3);
    }

    private static Waiting waiting(Disclosed token) {
        Waiting waiting = new Waiting();
        waiting.add(token);
        return waiting;
    }

    /** On a busy server there is always more: a writer that waited for the end would never come to one. */
    @Test
    @Timeout(60)
    void write_whileMoreAndMoreComes_endsWithWhatThereWas() throws Exception {
        AtomicBoolean written = new AtomicBoolean();
        auditLog.disclosed(token(STORE_A, APP, 1, 0));
        auditLog.refused(HOST_A, null, "not_signed_in");

        Together.run(List.of(
                () -> {
                    for (int i = 1; !written.get(); i++) {
                        auditLog.disclosed(token(STORE_A, APP, 1, i));
                        auditLog.refused(HOST_A, null, "not_signed_in");
                    }
                    return null;
                },
                () -> {
                    auditLog.write();
                    written.set(true);
                    return null;
                }));

        assertThat(counts(STORE_A)).containsKey(APP + " issued");
    }

    @Test
    void write_byManyAtOnce_losesNothingAndRepeatsNothing() throws Exception {
        List<Callable<Integer>> work = new ArrayList<>();
        // Two processes on one database.
        for (AuditLog one : List.of(auditLog, new AuditLog(services.database, services.options, services.clock))) {
            for (int thread = 0; thread < 4; thread++) {
                work.add(() -> {
                    int taken = 0;
                    for (int i = 0; i < 300; i++) {
                        taken += one.disclosed(token(STORE_A, APP, 1, i)) ? 1 : 0;
                        one.refused(HOST_A, null, "not_signed_in");
                        if (i % 50 == 0) {
                            one.write();
                        }
                    }
                    while (one.waiting() > 0) {
                        one.write();
                    }
                    one.write();
                    return taken;
                });
            }
        }

        assertThat(Together.run(work).stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(2400);
        assertThat(all(STORE_A)).hasSize(2400);
        assertThat(counts(STORE_A)).isEqualTo(Map.of(APP + " issued", 2400L, " not_signed_in", 2400L));
    }

    @Test
    void close_writesWhatWaits_andTakesNothingDownAnyMore() {
        auditLog.disclosed(token(STORE_A, APP, 1, 1));
        auditLog.refused(HOST_A, null, "not_signed_in");

        auditLog.close();

        assertThat(counts(STORE_A)).isEqualTo(Map.of(APP + " issued", 1L, " not_signed_in", 1L));
        assertThat(auditLog.disclosed(token(STORE_A, APP, 1, 2))).isFalse();
    }

    @Test
    void refused_isCountedForAppsAndStoresThatThereAre() {
        String app = services.apps.create(NewApp.named("App")).app().clientId();
        for (int i = 0; i < 3; i++) {
            auditLog.refused(HOST_A, app, "not_signed_in");
        }
        auditLog.refused(HOST_A, "0123456789012345678901234567890", "unknown_app");
        auditLog.refused("elsewhere.example", app, "no_such_store");
        auditLog.refused(HOST_B, null, "missing_client_id");
        auditLog.write();

        assertThat(counts(STORE_A)).isEqualTo(Map.of(app + " not_signed_in", 3L, " unknown_app", 1L));
        assertThat(counts(STORE_B)).isEqualTo(Map.of(" missing_client_id", 1L));
        assertThat(counts("")).isEqualTo(Map.of(app + " no_such_store", 1L));
        // One of a kind and second.
        assertThat(services.activity
                        .refusalsOfStore(STORE_A, Optional.empty(), Span.ALWAYS, Cursor.START, 10)
                        .items())
                .containsExactlyInAnyOrder(
                        new Refusal(TestClock.START, STORE_A, app, "not_signed_in"),
                        new Refusal(TestClock.START, STORE_A, "", "unknown_app"));
    }

    @Test
    void refused_withEverOtherClientIds_fillsNothing_andCountsEachOne() {
        String app = services.apps.create(NewApp.named("App")).app().clientId();
        // Once it was seen, the app is known.
        auditLog.refused(HOST_A, app, "not_signed_in");
        auditLog.write();
        for (int i = 0; i < 50_000; i++) {
            auditLog.refused(HOST_A, "%031d".formatted(i), "unknown_app");
            auditLog.refused("host" + i + ".example", null, "no_such_store");
        }
        auditLog.refused(HOST_A, app, "not_signed_in");
        services.clock.advance(Duration.ofSeconds(1));
        auditLog.refused(HOST_A, app, "not_signed_in");
        auditLog.write();

        assertThat(counts(STORE_A)).containsEntry(app + " not_signed_in", 3L);
        assertThat(counts(STORE_A).getOrDefault(" unknown_app", 0L) + counts("").getOrDefault(" unknown_app", 0L))
                .isEqualTo(50_000);
        assertThat(counts("")).containsEntry(" no_such_store", 50_000L);
        assertThat(services.rows("hourly_count")).isLessThan(10);
        assertThat(services.rows("refusal")).isLessThan(2 * RefusalCounts.EVENTS_PER_SECOND);
        assertThat(services.activity
                        .refusalsOfStore(STORE_A, Optional.of(app), Span.ALWAYS, Cursor.START, 10)
                        .items())
                .hasSize(2);
    }

    @Test
    void erase_makesTheCustomerAnonymous_andNobodyElse() {
        Customer ada = services.customer(STORE_A, "ada@example.com");
        Customer bob = services.customer(STORE_A, "bob@example.com");
        Customer atB = services.customer(STORE_B, "ada@example.com");
        assertThat(atB.id()).isEqualTo(ada.id());
        auditLog.disclosed(token(STORE_A, APP, ada.key(), 1));
        auditLog.disclosed(token(STORE_A, APP, bob.key(), 2));
        auditLog.disclosed(token(STORE_B, APP, atB.key(), 3));
        auditLog.write();
        assertThat(customers(STORE_A)).containsExactly(OptionalLong.of(bob.id()), OptionalLong.of(ada.id()));

        assertThat(services.database.<Boolean>transaction(handle -> auditLog.erase(handle, STORE_A, ada.id())))
                .isTrue();

        assertThat(customers(STORE_A)).containsExactly(OptionalLong.of(bob.id()), OptionalLong.empty());
        assertThat(customers(STORE_B)).containsExactly(OptionalLong.of(atB.id()));
        assertThat(services.disclosures
                        .ofStore(STORE_A, DisclosureFilter.ALL.about(ada.id()), Cursor.START, 10)
                        .items())
                .isEmpty();
        assertThat(services.database.<Long>with(handle -> handle.createQuery(
                                "select count(*) from disclosure where customer_key = " + ada.key())
                        .mapTo(Long.class)
                        .one()))
                .isZero();
        assertThat(services.database.<Boolean>transaction(handle -> auditLog.erase(handle, STORE_A, 99)))
                .isFalse();
    }

    @Test
    void erase_reachesWhatIsNotWrittenYet_andWhatSharesARow() {
        Customer ada = services.customer(STORE_A, "ada@example.com");
        Customer bob = services.customer(STORE_A, "bob@example.com");
        for (int i = 0; i < 300; i++) {
            auditLog.disclosed(token(STORE_A, APP, i % 3 == 0 ? ada.key() : bob.key(), i));
        }
        auditLog.write();
        auditLog.disclosed(token(STORE_A, APP, ada.key(), 300));
        assertThat(customers(STORE_A))
                .filteredOn(OptionalLong.of(ada.id())::equals)
                .hasSize(100);

        assertThat(services.database.<Boolean>transaction(handle -> auditLog.erase(handle, STORE_A, ada.id())))
                .isTrue();
        auditLog.write();

        assertThat(customers(STORE_A)).filteredOn(OptionalLong::isEmpty).hasSize(101);
        assertThat(customers(STORE_A))
                .filteredOn(OptionalLong.of(bob.id())::equals)
                .hasSize(200);

        assertThat(keysInStorage()).contains(ada.key());
        services.clock.advance(Erasure.WRITTEN.plusSeconds(1));
        auditLog.sweep();
        assertThat(customers(STORE_A)).filteredOn(OptionalLong::isEmpty).hasSize(101);
        assertThat(keysInStorage()).doesNotContain(ada.key()).contains(bob.key());
    }

    @Test
    void erase_thatIsTakenBack_changesNothing() {
        Customer ada = services.customer(STORE_A, "ada@example.com");
        auditLog.disclosed(token(STORE_A, APP, ada.key(), 1));
        auditLog.write();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> services.database.transaction(handle -> {
                    assertThat(auditLog.erase(handle, STORE_A, ada.id())).isTrue();
                    throw new IllegalStateException("Something else of the erasure failed");
                }));

        assertThat(customers(STORE_A)).containsExactly(OptionalLong.of(ada.id()));
    }

    @Test
    void sweep_removesWhatWasKeptForLongEnough() {
        for (int i = 0; i < 1500; i++) {
            auditLog.disclosed(token(STORE_A, APP, 1, i));
            if (i % 90 == 0) {
                auditLog.write();
            }
        }
        auditLog.refused(HOST_A, null, "not_signed_in");
        auditLog.write();
        long day = Duration.ofDays(1).toMillis();
        auditLog.disclosed(token(STORE_A, APP, 1, 9 * day));
        services.clock.advance(Duration.ofDays(2));
        auditLog.refused(HOST_A, null, "cross_site");
        auditLog.write();

        auditLog.sweep();
        assertThat(services.rows("refusal")).isEqualTo(2);

        services.clock.advance(Duration.ofSeconds(1));
        auditLog.sweep();
        assertThat(services.rows("refusal")).isEqualTo(1);
        assertThat(all(STORE_A)).hasSize(1501);

        services.clock.advance(Duration.ofDays(8).plusHours(2));
        auditLog.sweep();
        assertThat(all(STORE_A)).extracting(Disclosure::at).containsExactly(Tokens.at(9 * day));
        assertThat(services.activity.countsOfStore(STORE_A, Optional.empty(), span(0, 24 * 20)))
                .extracting(HourlyCount::outcome, HourlyCount::times)
                .containsExactlyInAnyOrder(tuple("cross_site", 1L), tuple("issued", 1L));
    }

    private String issued(Customer customer, Apps.Registered app) {
        return TestServices.name(
                services.issue(HOST_A, services.session(customer), app.app().clientId()));
    }

    private Optional<Instant> lastSigned(Apps.Registered app) {
        AppSecret secret =
                services.apps.find(app.app().clientId()).orElseThrow().signingSecret();
        return secret.lastSignedAt();
    }

    private List<Long> keysInStorage() {
        List<Long> keys = new ArrayList<>();
        services.database.with(handle -> {
            handle.createQuery("select customer_key from disclosure where customer_key is not null")
                    .mapTo(Long.class)
                    .forEach(keys::add);
            handle.createQuery("select several from disclosure where several is not null")
                    .mapTo(byte[].class)
                    .forEach(several ->
                            Several.read(TestClock.START, several).forEach(entry -> keys.add(entry.customerKey())));
            return true;
        });
        return keys;
    }

    private List<OptionalLong> customers(String storeHash) {
        return all(storeHash).stream().map(Disclosure::customerId).toList();
    }

    private List<Disclosure> all(String storeHash) {
        List<Disclosure> all = new ArrayList<>();
        Optional<Cursor> next = Optional.of(Cursor.START);
        while (next.isPresent()) {
            Page<Disclosure> page = services.disclosures.ofStore(storeHash, DisclosureFilter.ALL, next.get(), 77);
            all.addAll(page.items());
            next = page.next();
        }
        return all;
    }

    private Map<String, Long> counts(String storeHash) {
        return services.activity.countsOfStore(storeHash, Optional.empty(), span(0, 24)).stream()
                .collect(Collectors.toMap(
                        count -> count.clientId() + " " + count.outcome(), HourlyCount::times, Long::sum));
    }

    private static Span span(int fromHour, int toHour) {
        return new Span(
                TestClock.START.plus(Duration.ofHours(fromHour)), TestClock.START.plus(Duration.ofHours(toHour)));
    }
}
