package dev.patron.server.app;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.HOST_B;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions about the origins of a developer's app, which its developer lists and unlists. */
@OnEachEngine
class OriginApprovalsTest {

    private static final String ORIGIN = "https://headless.example";
    private static final String OTHER_ORIGIN = "https://other.example";
    private static final Optional<Long> OPERATOR = Optional.of(4711L);

    private final StorageEngine engine;
    private TestServices services;
    private OriginApprovals approvals;
    private String app;

    OriginApprovalsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) throws MemberExistsException {
        services = TestServices.open(engine, folder);
        approvals = services.apps.origins();
        long ada = services.members
                .create(NewMember.developer("ada@example.com", "Ada"), TestServices.PASSWORD)
                .id();
        NewApp plain = NewApp.named("Listing");
        app = services.apps
                .create(new NewApp(
                        withOrigins(plain.details(), ORIGIN),
                        plain.clientId(),
                        plain.secret(),
                        plain.stores(),
                        Optional.of(ada)))
                .app()
                .clientId();
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void decide_aboutAnOriginThatIsNotListedNow_forgetsNoRefusal() {
        assertThat(approvals.decideEverywhere(app, ORIGIN, true, OPERATOR)).isTrue();
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isTrue();
        assertThat(approvals.decide(STORE_A, app, ORIGIN, false, Optional.empty()))
                .isTrue();
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isFalse();

        list();
        long revision = revision();
        for (boolean approved : new boolean[] {false, true}) {
            assertThat(approvals.decide(STORE_A, app, ORIGIN, approved, Optional.empty()))
                    .isFalse();
            assertThat(approvals.decideEverywhere(app, ORIGIN, approved, OPERATOR))
                    .isFalse();
        }
        assertThat(revision()).isEqualTo(revision);
        list(ORIGIN);
        assertThat(approvals.decideEverywhere(app, ORIGIN, true, OPERATOR)).isTrue();

        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isFalse();
        assertThat(services.mayAsk(app, ORIGIN, HOST_B)).isTrue();
        assertThat(approvals.decide(STORE_A, app, ORIGIN, true, Optional.empty()))
                .isTrue();
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isTrue();
    }

    @Test
    void revision_rises_withEachDecisionThatChangesSomething() {
        assertThat(revision()).isEqualTo(1);

        assertThat(approvals.decide(STORE_A, app, ORIGIN, false, Optional.empty()))
                .isTrue();
        assertThat(revision()).isEqualTo(2);
        assertThat(approvals.decide(STORE_A, app, ORIGIN, false, Optional.empty()))
                .isTrue();
        assertThat(approvals.decide(STORE_A, app, OTHER_ORIGIN, false, Optional.empty()))
                .isFalse();
        assertThat(approvals.decide("zzzzz", app, ORIGIN, false, Optional.empty()))
                .isFalse();
        assertThat(revision()).isEqualTo(2);
        assertThat(approvals.decide(STORE_A, app, ORIGIN, true, Optional.empty()))
                .isTrue();
        assertThat(revision()).isEqualTo(3);

        assertThat(approvals.decideEverywhere(app, ORIGIN, false, OPERATOR)).isTrue();
        assertThat(revision()).isEqualTo(4);
        assertThat(approvals.decideEverywhere(app, ORIGIN, false, OPERATOR)).isTrue();
        assertThat(approvals.decideEverywhere(app, OTHER_ORIGIN, true, OPERATOR))
                .isFalse();
        assertThat(revision()).isEqualTo(4);
        assertThat(approvals.decideEverywhere(app, ORIGIN, true, OPERATOR)).isTrue();
        assertThat(approvals.decideEverywhere(app, ORIGIN, true, OPERATOR)).isTrue();
        assertThat(revision()).isEqualTo(5);
    }

    @Test
    void originThatAnOperatorWithdrew_listedAnew_staysWithdrawn() {
        approvals.decideEverywhere(app, ORIGIN, true, OPERATOR);
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isTrue();
        services.clock.advance(Duration.ofHours(1));
        approvals.decideEverywhere(app, ORIGIN, false, OPERATOR);
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isFalse();
        assertThat(decisions()).containsExactly("4711 " + services.clock.instant());
        assertThat(approvals.undecided()).isZero();

        for (int round = 0; round < 2; round++) {
            services.clock.advance(Duration.ofHours(1));
            list();
            list(ORIGIN, OTHER_ORIGIN);
            list(ORIGIN);
        }

        assertThat(decisions())
                .containsExactly("4711 " + services.clock.instant().minus(Duration.ofHours(2)));
        assertThat(approvals.undecided()).isZero();
        assertThat(services.rows("withdrawn_origin")).isZero();
        assertThat(approvals.decideEverywhere(app, ORIGIN, true, OPERATOR)).isTrue();
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isTrue();
        list();
        list(ORIGIN);
        assertThat(services.mayAsk(app, ORIGIN, HOST_A)).isFalse();
        assertThat(approvals.undecided()).isEqualTo(1);
    }

    @Test
    void originOfTheOperatorsApp_thatAnOperatorWithdrew_isNotApprovedByListingItAnew() {
        NewApp plain = NewApp.named("Ours");
        String ours = services.apps
                .create(NewApp.of(withOrigins(plain.details(), ORIGIN)), true)
                .app()
                .clientId();
        assertThat(services.mayAsk(ours, ORIGIN, HOST_A)).isTrue();
        approvals.decideEverywhere(ours, ORIGIN, false, OPERATOR);
        for (String[] origins : new String[][] {{}, {ORIGIN, OTHER_ORIGIN}}) {
            services.apps.update(ours, OptionalLong.empty(), true, details -> withOrigins(details, origins));
        }

        assertThat(services.mayAsk(ours, OTHER_ORIGIN, HOST_A)).isTrue();
        assertThat(services.mayAsk(ours, ORIGIN, HOST_A)).isFalse();
    }

    @Test
    void withdrawnOrigins_goWithTheirApp() {
        approvals.decideEverywhere(app, ORIGIN, false, OPERATOR);
        list();
        assertThat(services.rows("withdrawn_origin")).isEqualTo(1);

        assertThat(services.apps.delete(app, OptionalLong.empty())).isTrue();

        assertThat(services.rows("withdrawn_origin")).isZero();
    }

    @Test
    void decide_unknownApp_isFalse() {
        assertThat(approvals.decide(STORE_A, "unknown", ORIGIN, true, Optional.empty()))
                .isFalse();
        assertThat(approvals.decideEverywhere("unknown", ORIGIN, true, OPERATOR))
                .isFalse();
    }

    private void list(String... origins) {
        assertThat(services.apps.update(app, OptionalLong.empty(), details -> withOrigins(details, origins)))
                .isPresent();
    }

    private List<String> decisions() {
        return services.database.with(handle -> handle.createQuery("select decided_by, decided_at from app_origin")
                .map((row, _) -> row.getLong("decided_by") + " "
                        + row.getObject("decided_at", OffsetDateTime.class).toInstant())
                .list());
    }

    private long revision() {
        return services.apps.find(app).orElseThrow().revision();
    }

    private static AppDetails withOrigins(AppDetails plain, String... origins) {
        return new AppDetails(
                plain.name(),
                plain.description(),
                plain.algorithm(),
                plain.extraClaims(),
                plain.needs(),
                Set.of(origins));
    }
}
