package dev.patron.server.developers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.app.App;
import dev.patron.server.app.NewApp;
import dev.patron.server.audit.HourlyCount;
import dev.patron.server.audit.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart and the sums of an app's activity. */
class ActivityViewTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:34:56Z");
    private static final Instant HOUR = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void hours_areTheLast24_withAndWithoutCounts() {
        ActivityView view = view(
                count(HOUR, "a", HourlyCount.ISSUED, 3),
                count(HOUR, "b", HourlyCount.ISSUED, 4),
                count(HOUR, "a", "not_signed_in", 2),
                count(Instant.parse("2026-02-28T13:00:00Z"), "a", "unknown_app", 5),
                count(Instant.parse("2026-02-28T12:00:00Z"), "a", "unknown_app", 7));

        assertThat(view.hours()).hasSize(24);
        assertThat(view.hours().getFirst())
                .isEqualTo(new ActivityView.Hour(Instant.parse("2026-02-28T13:00:00Z"), 0, 5));
        assertThat(view.hours().getLast()).isEqualTo(new ActivityView.Hour(HOUR, 7, 2));
        assertThat(view.issued()).isEqualTo(7);
        assertThat(view.refused()).isEqualTo(7);
    }

    @Test
    void reasons_areSummedUp_theMostFrequentFirst() {
        List<ActivityView.Reason> reasons = ActivityView.reasons(List.of(
                count(HOUR, "a", "unknown_app", 1),
                count(HOUR, "a", "not_signed_in", 2),
                count(HOUR, "b", "not_signed_in", 3),
                count(HOUR, "a", "cross_site", 1),
                count(HOUR, "a", HourlyCount.ISSUED, 9)));

        assertThat(reasons)
                .containsExactly(
                        new ActivityView.Reason("not_signed_in", 5),
                        new ActivityView.Reason("cross_site", 1),
                        new ActivityView.Reason("unknown_app", 1));
        assertThat(reasons).allSatisfy(reason -> assertThat(reason.advice()).isNotEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 2", "3, 5", "6, 10", "10, 10", "11, 20", "201, 500", "1000001, 2000000"})
    void top_isARoundNumberThatHoldsTheBusiestHour(long times, long top) {
        assertThat(view(count(HOUR, "a", HourlyCount.ISSUED, times)).top()).isEqualTo(top);
    }

    @Test
    void bars_standOnEachOther_withinTheChart() {
        List<ActivityView.Bar> bars = view(
                        count(HOUR, "a", HourlyCount.ISSUED, 30), count(HOUR, "a", "not_signed_in", 20))
                .bars();

        assertThat(bars).hasSize(2);
        assertThat(bars.getFirst().y() + bars.getFirst().height()).isEqualTo(176);
        assertThat(bars.getLast().y() + bars.getLast().height())
                .isEqualTo(bars.getFirst().y());
        assertThat(bars.getLast().y()).isEqualTo(16);
        assertThat(bars.getLast().x() + bars.getLast().width()).isLessThan(772);
    }

    private static ActivityView view(HourlyCount... counts) {
        List<HourlyCount> all = List.of(counts);
        App app = new App(
                "6sv16tfx3j5gsopm42ss5dd67g2srvq",
                Optional.empty(),
                NewApp.named("App").details(),
                true,
                Set.of(),
                Set.of(),
                false,
                false,
                List.of(),
                1,
                NOW);
        return new ActivityView(
                app,
                ActivityView.hours(NOW, all),
                ActivityView.reasons(all),
                new Page<>(List.of(), Optional.empty()),
                false);
    }

    private static HourlyCount count(Instant hour, String store, String outcome, long times) {
        return new HourlyCount(hour, store, "6sv16tfx3j5gsopm42ss5dd67g2srvq", outcome, times);
    }
}
