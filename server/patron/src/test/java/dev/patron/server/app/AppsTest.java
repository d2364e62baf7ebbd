package dev.patron.server.app;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.TestServices.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.endpoint.Outcome;
import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
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
    private TestServices services;
    private BearerSecret session;

    AppsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        session = services.session(services.customer(STORE_A, "ada@example.com"));
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void create_named_hasTheDefaults() {
        Apps.Registered registered = services.apps.create(NewApp.named("Loyalty points"));

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
        assertThat(services.apps.find(app.clientId())).contains(app);
        assertThat(services.apps.list()).containsExactly(app);
    }

    @Test
    void create_withEverything_isKept() {
        App app = services.apps
                .create(TestServices.newApp(
                        "Loyalty points",
                        "Shows the points",
                        Optional.of(CLIENT_ID),
                        Optional.of(SECRET),
                        JwsAlgorithm.HS512,
                        Set.of(ExtraClaim.JWT_ID, ExtraClaim.CHANNEL_ID),
                        Set.of(STORE_A),
                        Set.of("https://app.example", "http://localhost:8090")))
                .app();

        assertThat(services.apps.find(CLIENT_ID)).contains(app);
        assertThat(app.details().description()).isEqualTo("Shows the points");
        assertThat(app.details().algorithm()).isEqualTo(JwsAlgorithm.HS512);
        assertThat(app.details().extraClaims()).containsExactlyInAnyOrder(ExtraClaim.JWT_ID, ExtraClaim.CHANNEL_ID);
        assertThat(app.everyStore()).isFalse();
        assertThat(app.allowedStores()).containsExactly(STORE_A);
        assertThat(app.details().origins()).containsExactlyInAnyOrder("https://app.example", "http://localhost:8090");
    }

    @Test
    void create_secretTakenOver_signsWithIt() throws Exception {
        services.apps.create(withId(CLIENT_ID, SECRET));

        String token = token(CLIENT_ID);

        assertThat(CurrentCustomerVerifier.builder(CLIENT_ID, SECRET.reveal())
                        .expectStore(STORE_A)
                        .clock(services.clock)
                        .build()
                        .verify(token)
                        .email())
                .isEqualTo("ada@example.com");
    }

    @Test
    void create_takenClientId_isRefusedAndNothingIsWritten() {
        App first = services.apps.create(withId(CLIENT_ID, SECRET)).app();
        String token = token(CLIENT_ID);

        refused(
                "client_id",
                () -> services.apps.create(withId(CLIENT_ID, ClientSecret.of("another secret, as long as that"))));

        assertThat(services.apps.list()).containsExactly(first);
        assertThat(services.rows("app_secret")).isEqualTo(1);
        assertThat(token(CLIENT_ID)).isEqualTo(token);
    }

    @Test
    void create_unknownStore_isRefusedAndNothingIsWritten() {
        refused("stores", () -> services.apps.create(confinedTo(STORE_A, "zzzzz")));

        assertThat(services.rows("app")).isZero();
        assertThat(services.rows("app_secret")).isZero();
        assertThat(services.rows("app_store")).isZero();
        assertThat(services.apps.create(confinedTo(STORE_A, STORE_B))).isNotNull();
    }

    @Test
    void create_besideTheDeletionOfTheSameId_neverGivesItOutAgain() throws Exception {
        for (int round = 0; round < 10; round++) {
            String clientId = "racing" + "0".repeat(20) + round;
            services.apps.create(withId(clientId, SECRET));
            services.apps.setAllowedAt(STORE_A, clientId, false);
            List<Callable<Boolean>> tasks = new ArrayList<>();
            tasks.add(() -> services.apps.delete(clientId, OptionalLong.empty()));
            for (int i = 0; i < 4; i++) {
                tasks.add(() -> {
                    try {
                        services.apps.create(withId(clientId, SECRET));
                        return false;
                    } catch (InvalidAppException | DeletedClientIdException refused) {
                        return true;
                    }
                });
            }

            assertThat(Together.run(tasks)).containsOnly(true);
            assertThat(services.apps.find(clientId)).isEmpty();
            assertThat(services.apps.isDeleted(clientId)).isTrue();
            assertThat(services.apps.deletedWhileBarred(STORE_A))
                    .extracting(DeletedApp::clientId)
                    .contains(clientId);
        }
    }

    @Test
    void create_asManyAsADeveloperMay_isTheEnd() throws Exception {
        long ada = services.members
                .create(NewMember.developer("ada@example.com", "Ada"), TestServices.PASSWORD)
                .id();
        NewApp wanted = new NewApp(
                NewApp.named("One more").details(), Optional.empty(), Optional.empty(), Set.of(), Optional.of(ada));
        services.apps.create(wanted);
        services.database.transaction(handle -> {
            PreparedBatch deleted = handle.prepareBatch(
                    "insert into deleted_app (client_id, name, owner_id, deleted_at) values (?, 'App', ?, ?)");
            for (int i = 0; i < Apps.MOST_APPS - 2; i++) {
                deleted.add("deleted" + i, ada, Database.moment(TestClock.START));
            }
            return deleted.execute();
        });
        services.apps.create(wanted);

        refused("owner_id", () -> services.apps.create(wanted));

        assertThat(services.apps.create(NewApp.named("The operators'"))).isNotNull();
        services.members.setDisabled(ada, true);
        refused("owner_id", () -> services.apps.create(wanted));
    }

    @Test
    void create_sameClientIdAtOnceByMany_succeedsOnce() throws Exception {
        List<Callable<Boolean>> creations = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            creations.add(() -> {
                try {
                    services.apps.create(withId(CLIENT_ID, SECRET));
                    return true;
                } catch (InvalidAppException taken) {
                    return false;
                }
            });
        }

        assertThat(Together.run(creations)).containsOnlyOnce(true);
        assertThat(services.rows("app_secret")).isEqualTo(1);
    }

    @Test
    void create_manyTimes_neverGivesTheSameIdOrSecretAgain() {
        Set<String> ids = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Apps.Registered registered = services.apps.create(NewApp.named("App"));
            ids.add(registered.app().clientId());
            secrets.add(registered.secret().reveal());
        }

        assertThat(ids).hasSize(50);
        assertThat(secrets).hasSize(50);
        assertThat(services.apps.list()).extracting(App::clientId).isSorted().hasSize(50);
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
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();
        assertThat(issue(clientId)).isEqualTo("issued");

        assertThat(services.apps.setDisabled(clientId, OptionalLong.empty(), true))
                .hasValueSatisfying(app -> assertThat(app.disabled()).isTrue());
        assertThat(issue(clientId)).isEqualTo("unknown_app");

        assertThat(services.apps.setDisabled(clientId, OptionalLong.empty(), false))
                .hasValueSatisfying(app -> assertThat(app.disabled()).isFalse());
        assertThat(issue(clientId)).isEqualTo("issued");
    }

    @Test
    void setDisabled_unknownApp_isEmpty() {
        assertThat(services.apps.setDisabled(CLIENT_ID, OptionalLong.empty(), true))
                .isEmpty();
    }

    @Test
    void revision_rises_withEachChangeAndNotWithout() {
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();
        assertThat(revision(clientId)).isEqualTo(1);

        services.apps.setDisabled(clientId, OptionalLong.empty(), true);
        assertThat(revision(clientId)).isEqualTo(2);
        services.apps.setDisabled(clientId, OptionalLong.empty(), true);
        assertThat(revision(clientId)).isEqualTo(2);
        services.apps.setAllowedAt(STORE_A, clientId, false);
        assertThat(revision(clientId)).isEqualTo(3);
        services.apps.setAllowedAt("zzzzz", clientId, false);
        assertThat(revision(clientId)).isEqualTo(3);
        assertThat(services.apps.setAllowedAt(STORE_A, clientId, false)).isTrue();
        assertThat(revision(clientId)).isEqualTo(3);
        services.rotation.rotateNow(clientId, OptionalLong.empty(), Optional.of(SECRET), true);
        assertThat(revision(clientId)).isEqualTo(4);
    }

    @Test
    void setAllowedAt_barredAndAllowedAgain_countsFromTheNextRequestOn() {
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();
        assertThat(issue(clientId)).isEqualTo("issued");

        assertThat(services.apps.setAllowedAt(STORE_A, clientId, false)).isTrue();
        assertThat(issue(clientId)).isEqualTo("unknown_app");
        assertThat(app(clientId).barredStores()).containsExactly(STORE_A);
        assertThat(app(clientId).allowedStores()).isEmpty();

        assertThat(services.apps.setAllowedAt(STORE_A, clientId, true)).isTrue();
        assertThat(issue(clientId)).isEqualTo("issued");
        assertThat(app(clientId).barredStores()).isEmpty();
        assertThat(app(clientId).allowedStores()).containsExactly(STORE_A);
    }

    @Test
    void setAllowedAt_unknownAppOrStore_isFalseAndNothingIsWritten() {
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();

        assertThat(services.apps.setAllowedAt("zzzzz", clientId, false)).isFalse();
        assertThat(services.apps.setAllowedAt(STORE_A, CLIENT_ID, false)).isFalse();

        assertThat(services.rows("app_store")).isZero();
    }

    @Test
    void setAllowedAt_atOnceByMany_leavesOneAnswer() throws Exception {
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();
        List<Callable<Boolean>> changes = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            boolean allowed = i % 2 == 0;
            changes.add(() -> services.apps.setAllowedAt(STORE_A, clientId, allowed));
        }

        assertThat(Together.run(changes)).containsOnly(true);
        assertThat(services.rows("app_store")).isEqualTo(1);
        assertThat(revision(clientId)).isBetween(2L, 25L);
    }

    @Test
    void confinedApp_allowedElsewhereToo_isIssuedThere() {
        String clientId = services.apps.create(confinedTo(STORE_B)).app().clientId();
        assertThat(issue(clientId)).isEqualTo("unknown_app");

        services.apps.setAllowedAt(STORE_A, clientId, true);

        assertThat(issue(clientId)).isEqualTo("issued");
        assertThat(app(clientId).allowedStores()).containsExactlyInAnyOrder(STORE_A, STORE_B);
    }

    @Test
    void databaseFiles_afterARegistration_holdNoSecret() {
        Apps.Registered registered = services.apps.create(NewApp.named("An app to be found"));
        services.apps.create(withId(CLIENT_ID, SECRET));

        assertThat(services.filesContain(registered.secret().reveal())).isFalse();
        assertThat(services.filesContain(SECRET.reveal())).isFalse();
        assertThat(services.filesContain("An app to be found")).isTrue();
    }

    @Test
    void sealedSecret_movedToAnotherApp_cannotBeOpened() {
        String one = services.apps.create(NewApp.named("One")).app().clientId();
        String other = services.apps.create(NewApp.named("Other")).app().clientId();
        assertThat(issue(other)).isEqualTo("issued");

        services.database.with(handle -> handle.execute(
                "update app set signing_secret_id = (select secret_id from app_secret where client_id = ?)"
                        + " where client_id = ?",
                one,
                other));

        assertThatIllegalStateException().isThrownBy(() -> issue(other)).withMessageContaining("cannot be opened");
        assertThat(issue(one)).isEqualTo("issued");
    }

    @Test
    void delete_blockedApp_isForOperators() {
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();
        services.apps.setBlocked(clientId, OptionalLong.empty(), true);

        assertThatExceptionOfType(BlockedAppException.class)
                .isThrownBy(() -> services.apps.delete(clientId, OptionalLong.empty()));

        assertThat(app(clientId).blocked()).isTrue();
        assertThat(services.apps.deleteByOperator(clientId, OptionalLong.empty()))
                .isTrue();
        assertThat(services.apps.isDeleted(clientId)).isTrue();
        assertThat(services.apps.deleteByOperator(clientId, OptionalLong.empty()))
                .isFalse();
    }

    private String issue(String clientId) {
        return TestServices.name(services.issue(HOST_A, session, clientId));
    }

    private String token(String clientId) {
        return ((Outcome.Issued) services.issue(HOST_A, session, clientId)).token();
    }

    private App app(String clientId) {
        return services.apps.find(clientId).orElseThrow();
    }

    private long revision(String clientId) {
        return app(clientId).revision();
    }

    private static NewApp newApp(String name, String description, String clientId, String origin) {
        return TestServices.newApp(
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
        return TestServices.newApp(
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
        return TestServices.newApp(
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
        long few = statements(services.apps::list);
        for (int i = 3; i < 20; i++) {
            create("App " + i, i);
        }

        assertThat(statements(services.apps::list)).isEqualTo(few).isEqualTo(4);
        assertThat(services.apps.list())
                .hasSize(20)
                .allSatisfy(
                        app -> assertThat(services.apps.find(app.clientId())).contains(app));
        assertThat(statements(() -> services.apps.countAllowedAt(STORE_A))).isEqualTo(1);
        assertThat(services.apps.countAllowedAt(STORE_A))
                .isEqualTo((int) services.apps.list().stream()
                        .filter(app -> !app.disabled() && app.isAllowedAt(STORE_A))
                        .count())
                .isBetween(1, 19);
    }

    private void create(String name, int number) {
        String clientId = services.apps
                .create(TestServices.newApp(
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
            services.rotation.makeSecret(clientId, OptionalLong.empty(), Optional.empty());
            services.apps.setAllowedAt(STORE_A, clientId, false);
        }
        if (number % 5 == 0) {
            services.apps.setDisabled(clientId, OptionalLong.empty(), true);
        }
    }

    private long statements(Runnable work) {
        long before = services.database.statements();
        work.run();
        return services.database.statements() - before;
    }

    @Test
    void otherUniqueConstraint_isNoTakenClientId() {
        services.database.with(handle -> handle.execute("create unique index one_name on app (name)"));
        NewApp app = NewApp.named("Same name");
        services.apps.create(app);

        assertThatExceptionOfType(UniqueViolationException.class).isThrownBy(() -> services.apps.create(app));
    }
}
