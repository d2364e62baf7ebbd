package dev.patron.server.app;

import static dev.patron.server.TestRooms.HOST_A;
import static dev.patron.server.TestRooms.STORE_A;
import static dev.patron.server.TestRooms.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.endpoint.Outcome;
import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestRooms;
import dev.patron.server.Together;
import dev.patron.server.member.NewMember;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.UniqueViolationException;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.JwsAlgorithm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class AppsTest {

    private static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    private static final ClientSecret SECRET = ClientSecret.of("a secret of somebody else's portal");

    private final StorageEngine engine;
    private TestRooms rooms;
    private BearerSecret session;

    AppsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        rooms = TestRooms.open(engine, folder);
        session = rooms.session(rooms.customer(STORE_A, "ada@example.com"));
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void create_named_hasTheDefaults() {
        Apps.Registered registered = rooms.apps.create(NewApp.named("Loyalty points"));

        App app = registered.app();
        assertThat(app.clientId()).matches("[a-z0-9]{31}");
        assertThat(registered.secret().reveal()).matches("[0-9a-f]{64}");
        assertThat(app)
                .isEqualTo(new App(
                        app.clientId(),
                        Optional.empty(),
                        new AppDetails(
                                "Loyalty points",
                                "",
                                JwsAlgorithm.HS256,
                                Set.of(),
                                EnumSet.allOf(PersonalClaim.class),
                                Set.of()),
                        true,
                        Set.of(),
                        Set.of(),
                        false,
                        false,
                        List.of(new AppSecret(
                                app.secrets().getFirst().id(),
                                AppSecret.State.SIGNING,
                                Optional.empty(),
                                TestClock.START,
                                AppSecret.fingerprint(registered.secret()),
                                64,
                                Optional.empty(),
                                Optional.empty())),
                        1,
                        TestClock.START));
        assertThat(rooms.apps.find(app.clientId())).contains(app);
        assertThat(rooms.apps.list()).containsExactly(app);
    }

    @Test
    void create_withEverything_isKept() {
        App app = rooms.apps
                .create(TestRooms.newApp(
                        "Loyalty points",
                        "Shows the points",
                        Optional.of(CLIENT_ID),
                        Optional.of(SECRET),
                        JwsAlgorithm.HS512,
                        Set.of(ExtraClaim.JWT_ID, ExtraClaim.CHANNEL_ID),
                        Set.of(STORE_A),
                        Set.of("https://app.example", "http://localhost:8090")))
                .app();

        assertThat(rooms.apps.find(CLIENT_ID)).contains(app);
        assertThat(app.details().description()).isEqualTo("Shows the points");
        assertThat(app.details().algorithm()).isEqualTo(JwsAlgorithm.HS512);
        assertThat(app.details().extraClaims()).containsExactlyInAnyOrder(ExtraClaim.JWT_ID, ExtraClaim.CHANNEL_ID);
        assertThat(app.everyStore()).isFalse();
        assertThat(app.allowedStores()).containsExactly(STORE_A);
        assertThat(app.details().origins()).containsExactlyInAnyOrder("https://app.example", "http://localhost:8090");
    }

    @Test
    void create_secretTakenOver_signsWithIt() throws Exception {
        rooms.apps.create(withId(CLIENT_ID, SECRET));

        String token = token(CLIENT_ID);

        assertThat(CurrentCustomerVerifier.builder(CLIENT_ID, SECRET.reveal())
                        .expectStore(STORE_A)
                        .clock(rooms.clock)
                        .build()
                        .verify(token)
                        .email())
                .isEqualTo("ada@example.com");
    }

    @Test
    void create_takenClientId_isRefusedAndNothingIsWritten() {
        App first = rooms.apps.create(withId(CLIENT_ID, SECRET)).app();
        String token = token(CLIENT_ID);

        refused(
                "client_id",
                () -> rooms.apps.create(withId(CLIENT_ID, ClientSecret.of("another secret, as long as that"))));

        assertThat(rooms.apps.list()).containsExactly(first);
        assertThat(rooms.rows("app_secret")).isEqualTo(1);
        assertThat(token(CLIENT_ID)).isEqualTo(token);
    }

    @Test
    void create_unknownStore_isRefusedAndNothingIsWritten() {
        refused("stores", () -> rooms.apps.create(confinedTo(STORE_A, "zzzzz")));

        assertThat(rooms.rows("app")).isZero();
        assertThat(rooms.rows("app_secret")).isZero();
        assertThat(rooms.rows("app_store")).isZero();
        assertThat(rooms.apps.create(confinedTo(STORE_A, STORE_B))).isNotNull();
    }

    @Test
    void create_besideTheDeletionOfTheSameId_neverGivesItOutAgain() throws Exception {
        for (int round = 0; round < 10; round++) {
            String clientId = "racing" + "0".repeat(20) + round;
            rooms.apps.create(withId(clientId, SECRET));
            rooms.apps.setAllowedAt(STORE_A, clientId, false);
            List<Callable<Boolean>> tasks = new ArrayList<>();
            tasks.add(() -> rooms.apps.delete(clientId, OptionalLong.empty()));
            for (int i = 0; i < 4; i++) {
                tasks.add(() -> {
                    try {
                        rooms.apps.create(withId(clientId, SECRET));
                        return false;
                    } catch (InvalidAppException | DeletedClientIdException refused) {
                        return true;
                    }
                });
            }

            assertThat(Together.run(tasks)).containsOnly(true);
            assertThat(rooms.apps.find(clientId)).isEmpty();
            assertThat(rooms.apps.isDeleted(clientId)).isTrue();
            assertThat(rooms.apps.deletedWhileBarred(STORE_A))
                    .extracting(DeletedApp::clientId)
                    .contains(clientId);
        }
    }

    @Test
    void create_asManyAsADeveloperMay_isTheEnd() throws Exception {
        long ada = rooms.members
                .create(NewMember.developer("ada@example.com", "Ada"), TestRooms.PASSWORD)
                .id();
        NewApp wanted = new NewApp(
                NewApp.named("One more").details(), Optional.empty(), Optional.empty(), Set.of(), Optional.of(ada));
        rooms.apps.create(wanted);
        rooms.database.transaction(handle -> {
            PreparedBatch deleted = handle.prepareBatch(
                    "insert into deleted_app (client_id, name, owner_id, deleted_at) values (?, 'App', ?, ?)");
            for (int i = 0; i < Apps.MOST_APPS - 2; i++) {
                deleted.add("deleted" + i, ada, Database.moment(TestClock.START));
            }
            return deleted.execute();
        });
        rooms.apps.create(wanted);

        refused("owner_id", () -> rooms.apps.create(wanted));

        assertThat(rooms.apps.create(NewApp.named("The operators'"))).isNotNull();
        rooms.members.setDisabled(ada, true);
        refused("owner_id", () -> rooms.apps.create(wanted));
    }

    @Test
    void create_sameClientIdAtOnceByMany_succeedsOnce() throws Exception {
        List<Callable<Boolean>> creations = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            creations.add(() -> {
                try {
                    rooms.apps.create(withId(CLIENT_ID, SECRET));
                    return true;
                } catch (InvalidAppException taken) {
                    return false;
                }
            });
        }

        assertThat(Together.run(creations)).containsOnlyOnce(true);
        assertThat(rooms.rows("app_secret")).isEqualTo(1);
    }

    @Test
    void create_manyTimes_neverGivesTheSameIdOrSecretAgain() {
        Set<String> ids = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Apps.Registered registered = rooms.apps.create(NewApp.named("App"));
            ids.add(registered.app().clientId());
            secrets.add(registered.secret().reveal());
        }

        assertThat(ids).hasSize(50);
        assertThat(secrets).hasSize(50);
        assertThat(rooms.apps.list()).extracting(App::clientId).isSorted().hasSize(50);
    }

    @Test
    void newApp_malformed_isRefusedNamingTheMember() {
        assertThat(newApp("n", "d", CLIENT_ID, "https://app.example")).isNotNull();

        for (String name : List.of("", " ", "n".repeat(201), "a\nb")) {
            refused("name", () -> newApp(name, "d", CLIENT_ID, "https://app.example"));
        }
        refused("description", () -> newApp("n", "d".repeat(2001), CLIENT_ID, "https://app.example"));
        for (String id : List.of("", "a".repeat(19), "a".repeat(65), "a".repeat(30) + "-", "a".repeat(30) + "é")) {
            refused("client_id", () -> newApp("n", "d", id, "https://app.example"));
        }
        for (String secret : List.of("s".repeat(19), "s".repeat(257))) {
            refused("client_secret", () -> withId(CLIENT_ID, ClientSecret.of(secret)));
        }
        for (String origin : List.of(
                "",
                "null",
                "*",
                "app.example",
                "https://app.example/",
                "https://App.example",
                "https://app.example:0",
                "https://app.example:443443",
                "https://*.example",
                "ftp://app.example",
                "https://user@app.example",
                "https://app.example\r\nX: y",
                "https://" + "a".repeat(250))) {
            refused("origins", () -> newApp("n", "d", CLIENT_ID, origin));
        }
    }

    @Test
    void setDisabled_true_countsFromTheNextRequestOn() {
        String clientId = rooms.apps.create(NewApp.named("App")).app().clientId();
        assertThat(issue(clientId)).isEqualTo("issued");

        assertThat(rooms.apps.setDisabled(clientId, OptionalLong.empty(), true))
                .hasValueSatisfying(app -> assertThat(app.disabled()).isTrue());
        assertThat(issue(clientId)).isEqualTo("unknown_app");

        assertThat(rooms.apps.setDisabled(clientId, OptionalLong.empty(), false))
                .hasValueSatisfying(app -> assertThat(app.disabled()).isFalse());
        assertThat(issue(clientId)).isEqualTo("issued");
    }

    @Test
    void setDisabled_unknownApp_isEmpty() {
        assertThat(rooms.apps.setDisabled(CLIENT_ID, OptionalLong.empty(), true))
                .isEmpty();
    }

    @Test
    void revision_rises_withEachChangeAndNotWithout() {
        String clientId = rooms.apps.create(NewApp.named("App")).app().clientId();
        assertThat(revision(clientId)).isEqualTo(1);

        rooms.apps.setDisabled(clientId, OptionalLong.empty(), true);
        assertThat(revision(clientId)).isEqualTo(2);
        rooms.apps.setDisabled(clientId, OptionalLong.empty(), true);
        assertThat(revision(clientId)).isEqualTo(2);
        rooms.apps.setAllowedAt(STORE_A, clientId, false);
        assertThat(revision(clientId)).isEqualTo(3);
        rooms.apps.setAllowedAt("zzzzz", clientId, false);
        assertThat(revision(clientId)).isEqualTo(3);
        assertThat(rooms.apps.setAllowedAt(STORE_A, clientId, false)).isTrue();
        assertThat(revision(clientId)).isEqualTo(3);
        rooms.rotation.rotateNow(clientId, OptionalLong.empty(), Optional.of(SECRET), true);
        assertThat(revision(clientId)).isEqualTo(4);
    }

    @Test
    void setAllowedAt_barredAndAllowedAgain_countsFromTheNextRequestOn() {
        String clientId = rooms.apps.create(NewApp.named("App")).app().clientId();
        assertThat(issue(clientId)).isEqualTo("issued");

        assertThat(rooms.apps.setAllowedAt(STORE_A, clientId, false)).isTrue();
        assertThat(issue(clientId)).isEqualTo("unknown_app");
        assertThat(app(clientId).barredStores()).containsExactly(STORE_A);
        assertThat(app(clientId).allowedStores()).isEmpty();

        assertThat(rooms.apps.setAllowedAt(STORE_A, clientId, true)).isTrue();
        assertThat(issue(clientId)).isEqualTo("issued");
        assertThat(app(clientId).barredStores()).isEmpty();
        assertThat(app(clientId).allowedStores()).containsExactly(STORE_A);
    }

    @Test
    void setAllowedAt_unknownAppOrStore_isFalseAndNothingIsWritten() {
        String clientId = rooms.apps.create(NewApp.named("App")).app().clientId();

        assertThat(rooms.apps.setAllowedAt("zzzzz", clientId, false)).isFalse();
        assertThat(rooms.apps.setAllowedAt(STORE_A, CLIENT_ID, false)).isFalse();

        assertThat(rooms.rows("app_store")).isZero();
    }

    @Test
    void setAllowedAt_atOnceByMany_leavesOneAnswer() throws Exception {
        String clientId = rooms.apps.create(NewApp.named("App")).app().clientId();
        List<Callable<Boolean>> changes = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            boolean allowed = i % 2 == 0;
            changes.add(() -> rooms.apps.setAllowedAt(STORE_A, clientId, allowed));
        }

        assertThat(Together.run(changes)).containsOnly(true);
        assertThat(rooms.rows("app_store")).isEqualTo(1);
        assertThat(revision(clientId)).isBetween(2L, 25L);
    }

    @Test
    void confinedApp_allowedElsewhereToo_isIssuedThere() {
        String clientId = rooms.apps.create(confinedTo(STORE_B)).app().clientId();
        assertThat(issue(clientId)).isEqualTo("unknown_app");

        rooms.apps.setAllowedAt(STORE_A, clientId, true);

        assertThat(issue(clientId)).isEqualTo("issued");
        assertThat(app(clientId).allowedStores()).containsExactlyInAnyOrder(STORE_A, STORE_B);
    }

    @Test
    void databaseFiles_afterARegistration_holdNoSecret() {
        Apps.Registered registered = rooms.apps.create(NewApp.named("An app to be found"));
        rooms.apps.create(withId(CLIENT_ID, SECRET));

        assertThat(rooms.filesContain(registered.secret().reveal())).isFalse();
        assertThat(rooms.filesContain(SECRET.reveal())).isFalse();
        assertThat(rooms.filesContain("An app to be found")).isTrue();
    }

    @Test
    void sealedSecret_movedToAnotherApp_cannotBeOpened() {
        String one = rooms.apps.create(NewApp.named("One")).app().clientId();
        String other = rooms.apps.create(NewApp.named("Other")).app().clientId();
        assertThat(issue(other)).isEqualTo("issued");

        rooms.database.with(handle -> handle.execute(
                "update app set signing_secret_id = (select secret_id from app_secret where client_id = ?)"
                        + " where client_id = ?",
                one,
                other));

        assertThatIllegalStateException().isThrownBy(() -> issue(other)).withMessageContaining("cannot be opened");
        assertThat(issue(one)).isEqualTo("issued");
    }

    @Test
    void delete_blockedApp_isForOperators() {
        String clientId = rooms.apps.create(NewApp.named("App")).app().clientId();
        rooms.apps.setBlocked(clientId, OptionalLong.empty(), true);

        assertThatExceptionOfType(BlockedAppException.class)
                .isThrownBy(() -> rooms.apps.delete(clientId, OptionalLong.empty()));

        assertThat(app(clientId).blocked()).isTrue();
        assertThat(rooms.apps.deleteByOperator(clientId, OptionalLong.empty())).isTrue();
        assertThat(rooms.apps.isDeleted(clientId)).isTrue();
        assertThat(rooms.apps.deleteByOperator(clientId, OptionalLong.empty())).isFalse();
    }

    private String issue(String clientId) {
        return TestRooms.name(rooms.issue(HOST_A, session, clientId));
    }

    private String token(String clientId) {
        return ((Outcome.Issued) rooms.issue(HOST_A, session, clientId)).token();
    }

    private App app(String clientId) {
        return rooms.apps.find(clientId).orElseThrow();
    }

    private long revision(String clientId) {
        return app(clientId).revision();
    }

    private static NewApp newApp(String name, String description, String clientId, String origin) {
        return TestRooms.newApp(
                name,
                description,
                Optional.of(clientId),
                Optional.of(SECRET),
                JwsAlgorithm.HS256,
                Set.of(),
                Set.of(),
                Set.of(origin));
    }

    private static NewApp withId(String clientId, ClientSecret secret) {
        return TestRooms.newApp(
                "App",
                "",
                Optional.of(clientId),
                Optional.of(secret),
                JwsAlgorithm.HS256,
                Set.of(),
                Set.of(),
                Set.of());
    }

    private static NewApp confinedTo(String... stores) {
        return TestRooms.newApp(
                "App", "", Optional.empty(), Optional.empty(), JwsAlgorithm.HS256, Set.of(), Set.of(stores), Set.of());
    }

    private static void refused(String member, Callable<?> making) {
        assertThatExceptionOfType(InvalidAppException.class)
                .isThrownBy(making::call)
                .satisfies(invalid -> {
                    assertThat(invalid.member()).isEqualTo(member);
                    assertThat(invalid.detail()).isNotBlank().doesNotContain(SECRET.reveal());
                });
    }

    @Test
    void list_takesAsManyQueriesForManyAppsAsForOne_andHasTheSameAsEachByItself() {
        for (int i = 0; i < 3; i++) {
            create("App " + i, i);
        }
        long few = statements(rooms.apps::list);
        for (int i = 3; i < 20; i++) {
            create("App " + i, i);
        }

        assertThat(statements(rooms.apps::list)).isEqualTo(few).isEqualTo(4);
        assertThat(rooms.apps.list())
                .hasSize(20)
                .allSatisfy(app -> assertThat(rooms.apps.find(app.clientId())).contains(app));
        assertThat(statements(() -> rooms.apps.countAllowedAt(STORE_A))).isEqualTo(1);
        assertThat(rooms.apps.countAllowedAt(STORE_A))
                .isEqualTo((int) rooms.apps.list().stream()
                        .filter(app -> !app.disabled() && app.isAllowedAt(STORE_A))
                        .count())
                .isBetween(1, 19);
    }

    private void create(String name, int number) {
        String clientId = rooms.apps
                .create(TestRooms.newApp(
                        name,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        JwsAlgorithm.HS256,
                        Set.of(),
                        number % 3 == 0 ? Set.of(STORE_A) : Set.of(),
                        Set.of("https://app" + number + ".example", "https://app.example")))
                .app()
                .clientId();
        if (number % 4 == 0) {
            rooms.rotation.makeSecret(clientId, OptionalLong.empty(), Optional.empty());
            rooms.apps.setAllowedAt(STORE_A, clientId, false);
        }
        if (number % 5 == 0) {
            rooms.apps.setDisabled(clientId, OptionalLong.empty(), true);
        }
    }

    private long statements(Runnable work) {
        long before = rooms.database.statements();
        work.run();
        return rooms.database.statements() - before;
    }

    @Test
    void otherUniqueConstraint_isNoTakenClientId() {
        rooms.database.with(handle -> handle.execute("create unique index one_name on app (name)"));
        NewApp app = NewApp.named("Same name");
        rooms.apps.create(app);

        assertThatExceptionOfType(UniqueViolationException.class).isThrownBy(() -> rooms.apps.create(app));
    }
}
