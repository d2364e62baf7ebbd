package dev.patron.server.developers;

import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import dev.patron.server.inspection.Expectations;
import dev.patron.server.inspection.Inspector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token inspector. A pasted token is in the answer to the form, and kept nowhere. */
final class InspectorPages {

    private static final String PATH = "/inspector";

    private final ConsolePages pages;
    private final OwnApps ownApps;
    private final Inspector inspector;

    InspectorPages(ConsolePages pages, OwnApps ownApps, Inspector inspector) {
        this.pages = pages;
        this.ownApps = ownApps;
        this.inspector = inspector;
    }

    void addTo(Routes routes) {
        routes.on("GET", PATH, pages.member(this::show)).on("POST", PATH, pages.member(this::inspect));
    }

    private void show(ConsoleRequest request) {
        Expectations defaults = Expectations.DEFAULT;
        send(
                request,
                200,
                new InspectorViews.Form(
                        ownApps.list(request),
                        request.parameter("app"),
                        "",
                        seconds(defaults.maxAge().orElseThrow()),
                        false,
                        seconds(defaults.clockSkew()),
                        "",
                        Map.of(),
                        null));
    }

    private void inspect(ConsoleRequest request) {
        List<App> apps = ownApps.list(request);
        String token = request.field("token").strip();
        Map<String, String> faults = new LinkedHashMap<>();
        Optional<App> app = app(request, token);
        if (token.isEmpty()) {
            faults.put("token", "Paste a token.");
        } else if (app.isEmpty()) {
            faults.put(
                    "client_id",
                    request.field("client_id").isEmpty()
                            ? "The token names no app of yours. Choose the app that received it."
                            : "Choose one of your apps.");
        }
        Optional<Duration> maxAge = request.field("accept").equals("until_expiry")
                ? Optional.empty()
                : duration(faults, request, "max_age", 1, 900);
        Optional<Duration> clockSkew = duration(faults, request, "clock_skew", 0, 300);
        String storeHash = request.field("store_hash").strip();
        if (!storeHash.isEmpty() && !storeHash.matches("[a-z0-9]{5,32}")) {
            faults.put("store_hash", "A store hash has 5 to 32 of the characters a-z and 0-9. Leave it empty for any.");
        }
        if (!faults.isEmpty() || app.isEmpty()) {
            send(request, 422, form(request, apps, faults, null));
            return;
        }
        Expectations expectations = new Expectations(
                maxAge, clockSkew.orElseThrow(), storeHash.isEmpty() ? Optional.empty() : Optional.of(storeHash));
        send(
                request,
                200,
                form(
                        request,
                        apps,
                        Map.of(),
                        new InspectorViews.Result(app.get(), inspector.inspect(app.get(), token, expectations))));
    }

    /** The app that was chosen or, if none was, the one that the token names; of those that the member gets to see. */
    private Optional<App> app(ConsoleRequest request, String token) {
        String chosen = request.field("client_id");
        return (chosen.isEmpty() ? Inspector.audience(token) : Optional.of(chosen))
                .flatMap(ownApps.apps()::find)
                .filter(app -> request.may(Action.SEE_APP, new Resource.OneApp(app.ownerId())));
    }

    private void send(ConsoleRequest request, int status, InspectorViews.Form form) {
        InspectorViews.Result result = form.result();
        String outcome = result == null ? "" : result.inspection().accepted() ? ": accepted" : ": refused";
        pages.send(request, status, "Token inspector" + outcome, "developers/inspector.jte", form);
    }

    private static InspectorViews.Form form(
            ConsoleRequest request,
            List<App> apps,
            Map<String, String> faults,
            InspectorViews.@Nullable Result result) {
        return new InspectorViews.Form(
                apps,
                request.field("client_id"),
                request.field("token").strip(),
                request.field("max_age"),
                request.field("accept").equals("until_expiry"),
                request.field("clock_skew"),
                request.field("store_hash"),
                faults,
                result);
    }

    private static Optional<Duration> duration(
            Map<String, String> faults, ConsoleRequest request, String field, int least, int most) {
        String text = request.field(field).strip();
        if (text.matches("[0-9]{1,4}")) {
            int seconds = Integer.parseInt(text);
            if (seconds >= least && seconds <= most) {
                return Optional.of(Duration.ofSeconds(seconds));
            }
        }
        faults.put(field, "Enter " + least + " to " + most + " seconds.");
        return Optional.empty();
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }
}
