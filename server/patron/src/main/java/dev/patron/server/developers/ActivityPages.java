package dev.patron.server.developers;

import dev.patron.server.access.Action;
import dev.patron.server.app.App;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.Cursor;
import dev.patron.server.audit.HourlyCount;
import dev.patron.server.audit.Span;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import dev.patron.server.text.VisibleText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What was issued and refused for an app: enough to answer why something failed, without any token being kept. */
final class ActivityPages {

    private static final int REFUSALS_SHOWN = 50;

    private final ConsolePages pages;
    private final OwnApps ownApps;
    private final Activity activity;
    private final InstantSource clock;

    ActivityPages(ConsolePages pages, OwnApps ownApps, Activity activity, InstantSource clock) {
        this.pages = pages;
        this.ownApps = ownApps;
        this.activity = activity;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.on("GET", AppTab.ACTIVITY.route(), pages.member(this::show));
    }

    private void show(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        Instant now = clock.instant();
        Instant end = now.plus(Duration.ofSeconds(1));
        List<HourlyCount> counts = activity.countsOfApp(app.clientId(), new Span(ActivityView.first(now), end));
        Optional<Cursor> after = Cursor.parse(request.parameter("after"));
        pages.send(
                request,
                200,
                "Activity of " + VisibleText.isolated(app.name()),
                "developers/activity.jte",
                new ActivityView(
                        app,
                        ActivityView.hours(now, counts),
                        ActivityView.reasons(counts),
                        activity.refusalsOfApp(app.clientId(), Span.ALWAYS, after.orElse(Cursor.START), REFUSALS_SHOWN),
                        after.isPresent()));
    }
}
