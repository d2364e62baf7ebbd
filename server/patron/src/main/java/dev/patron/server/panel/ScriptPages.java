package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.developers.Snippets;
import dev.patron.server.http.Routes;
import dev.patron.server.script.InvalidScriptException;
import dev.patron.server.script.Script;
import dev.patron.server.script.ScriptDetails;
import dev.patron.server.script.Scripts;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.store.Store;
import dev.patron.server.text.VisibleText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scripts in a store's pages. */
final class ScriptPages {

    private static final String LIST = PanelTab.SCRIPTS.route();
    private static final String NEW = StoreRoom.PATH + "/*/new-script";
    private static final String ONE = LIST + "/*";

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Scripts scripts;
    private final Apps apps;

    ScriptPages(ConsolePages pages, PanelStores panel, Scripts scripts, Apps apps) {
        this.pages = pages;
        this.panel = panel;
        this.scripts = scripts;
        this.apps = apps;
    }

    void addTo(Routes routes) {
        routes.on("GET", LIST, pages.member(this::list))
                .on("GET", NEW, pages.member(this::showCreation))
                .on("POST", NEW, pages.member(this::create))
                .on("GET", ONE, pages.member(this::show))
                .on("POST", ONE, pages.member(this::save))
                .on("POST", ONE + "/delete", pages.member(this::delete));
    }

    private void list(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        String notice = switch (request.parameter("notice")) {
            case "added" -> "The script is added. Pages have it from their next view on.";
            case "saved" -> "The script is saved. Pages have it so from their next view on.";
            case "deleted" -> "The script is deleted.";
            default -> null;
        };
        pages.send(
                request,
                200,
                "Scripts of " + VisibleText.isolated(store.name()),
                "panel/scripts.jte",
                new ScriptListing(
                        StoreRoom.of(request, store, notice),
                        scripts.list(store.hash()),
                        request.may(Action.MANAGE_SCRIPTS, StoreRoom.target(store))));
    }

    private void showCreation(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_SCRIPTS);
        List<App> allowed = allowed(store);
        Optional<App> chosen = allowed.stream()
                .filter(app -> app.clientId().equals(request.parameter("app")))
                .findFirst();
        send(
                request,
                200,
                ScriptForm.empty(
                        StoreRoom.of(request, store, null),
                        allowed,
                        chosen.map(App::name).orElse(""),
                        chosen.map(app -> Snippets.PATRON.text(app.clientId(), store.hash()))
                                .orElse("")));
    }

    private void create(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_SCRIPTS);
        ScriptForm form = ScriptForm.typed(request, StoreRoom.of(request, store, null), Optional.empty());
        if (refused(request, form)) {
            return;
        }
        try {
            found(scripts.create(store.hash(), form.details()));
            request.exchange().redirect(PanelTab.SCRIPTS.path(store) + "?notice=added");
        } catch (InvalidScriptException invalid) {
            send(request, 422, form.withFault(field(invalid), invalid.detail()));
        }
    }

    private void show(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_SCRIPTS);
        send(request, 200, ScriptForm.of(StoreRoom.of(request, store, null), script(request, store)));
    }

    private void save(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_SCRIPTS);
        Script script = script(request, store);
        ScriptForm form = ScriptForm.typed(request, StoreRoom.of(request, store, null), Optional.of(script));
        if (refused(request, form)) {
            return;
        }
        try {
            ScriptDetails details = form.details();
            found(scripts.update(store.hash(), script.id(), request.revision(), _ -> details));
            request.exchange().redirect(PanelTab.SCRIPTS.path(store) + "?notice=saved");
        } catch (InvalidScriptException invalid) {
            send(request, 422, form.withFault(field(invalid), invalid.detail()));
        } catch (RevisionConflictException changed) {
            send(request, 409, form.inConflict());
        }
    }

    private void delete(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_SCRIPTS);
        Script script = script(request, store);
        if (!Confirmation.isGiven(request)) {
            String name = script.details().name();
            pages.ask(
                    request,
                    Confirmation.irreversible(
                                    "Delete the script " + VisibleText.isolated(name) + "?",
                                    "Delete this script",
                                    PanelTab.SCRIPTS.path(store) + "/" + script.id())
                            .about("Script", name)
                            .about("Store", store.name())
                            .follows("Pages do not have it from their next view on, and what it says is kept nowhere.")
                            .follows("To keep it for later, turn it off instead.")
                            .repeating(request, "revision"));
            return;
        }
        try {
            scripts.remove(store.hash(), script.id(), request.revision());
            request.exchange().redirect(PanelTab.SCRIPTS.path(store) + "?notice=deleted");
        } catch (RevisionConflictException changed) {
            send(
                    request,
                    409,
                    ScriptForm.of(StoreRoom.of(request, store, null), script(request, store))
                            .inConflict());
        }
    }

    private boolean refused(ConsoleRequest request, ScriptForm form) {
        Map.Entry<String, String> fault = form.fault();
        if (fault != null) {
            send(request, 422, form.withFault(fault.getKey(), fault.getValue()));
        }
        return fault != null;
    }

    private void send(ConsoleRequest request, int status, ScriptForm form) {
        String title = form.script()
                .map(script -> "Script " + VisibleText.isolated(script.details().name()))
                .orElse("New script");
        pages.send(request, status, (status == 409 ? "Not saved: " : "") + title, "panel/script.jte", form);
    }

    private Script script(ConsoleRequest request, Store store) {
        return found(scripts.find(store.hash(), StoreRoom.id(request)));
    }

    private List<App> allowed(Store store) {
        return apps.list().stream()
                .filter(app -> app.isActive() && app.isAllowedAt(store.hash()))
                .toList();
    }

    /** A fault of the store, such as too many scripts, belongs to no field. */
    private static String field(InvalidScriptException invalid) {
        return invalid.member().equals("scripts") ? "" : invalid.member();
    }

    private static Script found(Optional<Script> script) {
        return script.orElseThrow(Access::noSuchObject);
    }
}
