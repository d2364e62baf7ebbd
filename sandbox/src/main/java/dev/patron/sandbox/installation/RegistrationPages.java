package dev.patron.sandbox.installation;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page where a developer says how an app is installed. */
final class RegistrationPages {

    private static final String ROUTE = "/developers/apps/*/installation";
    private static final int CLIENT_ID_SEGMENT = 2;

    private final ConsolePages pages;
    private final Apps apps;
    private final Registrations registrations;

    RegistrationPages(ConsolePages pages, Apps apps, Registrations registrations) {
        this.pages = pages;
        this.apps = apps;
        this.registrations = registrations;
    }

    void addTo(Routes routes) {
        routes.on("GET", ROUTE, pages.member(this::show)).on("POST", ROUTE, pages.member(this::save));
    }

    /** The path of the page of an app. */
    static String path(App app) {
        return ROUTE.replace("*", app.clientId());
    }

    private void show(ConsoleRequest request) {
        App app = require(request, Action.SEE_APP);
        Registration registration =
                registrations.find(app.clientId()).orElse(new Registration("", "", "", "", Set.of()));
        String notice = request.parameter("notice").equals("saved")
                ? "Saved. Stores that have the app installed consent again to new scopes."
                : null;
        send(request, 200, app, registration, Map.of(), notice);
    }

    private void save(ConsoleRequest request) {
        App app = require(request, Action.CHANGE_APP);
        Registration typed = new Registration(
                request.field("auth_callback"),
                request.field("load_callback"),
                request.field("uninstall_callback"),
                request.field("remove_user_callback"),
                Arrays.stream(StoreScope.values())
                        .filter(scope -> !request.field("scope_" + scope.id()).isEmpty())
                        .collect(Collectors.toSet()));
        Map<String, String> faults = typed.faults();
        if (!faults.isEmpty()) {
            send(request, 422, app, typed, faults, null);
            return;
        }
        if (!registrations.save(app.clientId(), typed)) {
            throw Access.noSuchObject();
        }
        request.exchange().redirect(path(app) + "?notice=saved");
    }

    private App require(ConsoleRequest request, Action action) {
        App app = apps.find(request.exchange().segment(CLIENT_ID_SEGMENT)).orElseThrow(Access::noSuchObject);
        request.require(action, new Resource.OneApp(app.ownerId()));
        return app;
    }

    private void send(
            ConsoleRequest request,
            int status,
            App app,
            Registration registration,
            Map<String, String> faults,
            @Nullable String notice) {
        Views.RegistrationPage page = new Views.RegistrationPage(app, path(app), registration, faults, notice);
        pages.send(
                request,
                status,
                "Installation of " + app.name(),
                Parts.TEMPLATES.show("installation/registration.jte", "page", page));
    }
}
