package dev.patron.server.audit;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.HOST_B;
import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.TestServices.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
import dev.patron.server.app.NewApp;
import dev.patron.token.ClientSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class ActivityTest {

    private static final Span DAY = new Span(TestClock.START, TestClock.START.plus(Duration.ofDays(1)));

    private final StorageEngine engine;
    private TestServices services;
    private Activity activity;
    private String app;

    ActivityTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        activity = services.activity;
        app = services.apps.create(NewApp.named("App")).app().clientId();
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void refusals_areTheLatestFirst_onPagesOfAnySize() {
        List<Refusal> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            services.clock.advance(Duration.ofSeconds(1));
            services.auditLog.refused(HOST_A, app, "not_signed_in");
            expected.addFirst(new Refusal(services.clock.instant(), STORE_A, app, "not_signed_in"));
        }
        services.auditLog.write();

        for (int limit : new int[] {1, 7, 20, 1000}) {
            List<Refusal> all = new ArrayList<>();
            Optional<Cursor> next = Optional.of(Cursor.START);
            while (next.isPresent()) {
                Page<Refusal> page = activity.refusalsOfApp(app, Span.ALWAYS, next.get(), limit);
                all.addAll(page.items());
                next = page.next();
            }
            assertThat(all).isEqualTo(expected);
        }
        Span some = new Span(TestClock.START.plusSeconds(5), TestClock.START.plusSeconds(7));
        assertThat(activity.refusalsOfStore(STORE_A, Optional.empty(), some, Cursor.START, 10)
                        .items())
                .extracting(Refusal::at)
                .containsExactly(TestClock.START.plusSeconds(6), TestClock.START.plusSeconds(5));
    }

    @Test
    void ofApp_isOfAllStores() {
        services.auditLog.refused(HOST_A, app, "not_signed_in");
        services.auditLog.refused(HOST_B, app, "cross_site");
        services.auditLog.refused(HOST_A, null, "missing_client_id");
        services.auditLog.write();

        assertThat(activity.countsOfApp(app, DAY))
                .extracting(HourlyCount::storeHash, HourlyCount::outcome)
                .containsExactly(tuple(STORE_A, "not_signed_in"), tuple(STORE_B, "cross_site"));
        assertThat(activity.refusalsOfApp(app, DAY, Cursor.START, 10).items()).hasSize(2);
    }

    @Test
    void ofApp_tellsNothingOfAnotherAppThatHadTheClientId() {
        services.auditLog.refused(HOST_A, app, "not_signed_in");
        services.auditLog.write();
        ClientSecret secret = ClientSecret.of("0123456789abcdef".repeat(4));
        assertThat(activity.countsOfApp(app, DAY)).hasSize(1);
        assertThat(services.apps.delete(app, OptionalLong.empty())).isTrue();
        assertThat(activity.countsOfApp(app, DAY)).isEmpty();
        assertThat(activity.refusalsOfApp(app, DAY, Cursor.START, 10).items()).isEmpty();

        services.clock.advance(Duration.ofHours(2));
        // As if it had been deleted before client ids of deleted apps were kept.
        services.database.transaction(handle -> handle.execute("delete from deleted_app"));
        NewApp named = NewApp.named("Another");
        services.apps.create(TestServices.newApp(
                "Another",
                "",
                Optional.of(app),
                Optional.of(secret),
                named.details().algorithm(),
                named.details().extraClaims(),
                named.stores(),
                named.details().origins()));
        services.auditLog.refused(HOST_A, app, "cross_site");
        services.auditLog.write();

        assertThat(activity.countsOfApp(app, DAY))
                .extracting(HourlyCount::outcome)
                .containsExactly("cross_site");
        assertThat(activity.refusalsOfApp(app, DAY, Cursor.START, 10).items())
                .extracting(Refusal::reason)
                .containsExactly("cross_site");
    }

    @Test
    void counts_ofTooLongATime_areRefused() {
        Span longest = new Span(TestClock.START, TestClock.START.plus(Activity.LONGEST));
        Span longer = new Span(TestClock.START, longest.to().plusMillis(1));
        assertThat(activity.countsOfStore(STORE_A, Optional.empty(), longest)).isEmpty();
        assertThat(activity.countsOfApp(app, longest)).isEmpty();

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> activity.countsOfStore(STORE_A, Optional.empty(), longer))
                .withMessageContaining("32 days");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> activity.countsOfApp(app, longer))
                .withMessageContaining("32 days");
    }
}
