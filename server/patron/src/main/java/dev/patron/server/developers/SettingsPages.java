package dev.patron.server.developers;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.AppRules;
import dev.patron.server.app.Apps;
import dev.patron.server.app.BlockedAppException;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.PersonalClaim;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.store.Stores;
import dev.patron.server.text.VisibleText;
import dev.patron.token.JwsAlgorithm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What of an app its owner may change: its details, whether it is disabled, whether it is. */
final class SettingsPages {

    private static final String DISABLE = AppTab.SETTINGS.route() + "/disable";
    private static final String ORIGINS = AppTab.SETTINGS.route() + "/origins";
    private static final String DELETE = AppTab.SETTINGS.route() + "/delete";

    private final ConsolePages pages;
    private final OwnApps ownApps;
    private final Apps apps;
    private final Stores stores;
    private final Members members;

    SettingsPages(ConsolePages pages, OwnApps ownApps, Stores stores, Members members) {
        this.members = members;
        this.stores = stores;
        this.pages = pages;
        this.ownApps = ownApps;
        this.apps = ownApps.apps();
    }

    void addTo(Routes routes) {
        routes.on("GET", AppTab.SETTINGS.route(), pages.member(this::show))
                .on("POST", AppTab.SETTINGS.route(), pages.member(this::save))
                .on("POST", DISABLE, pages.member(this::disable))
                .on("GET", ORIGINS, pages.member(this::showOrigins))
                .on("POST", ORIGINS, pages.member(this::decideOrigin))
                .on("POST", DELETE, pages.member(this::delete));
    }

    private Confirmation deletion(ConsoleRequest request, App app, String typed) {
        return Confirmation.irreversible(
                        "Delete the app " + VisibleText.isolated(app.name()) + "?",
                        "Delete this app",
                        AppTab.SETTINGS.path(app))
                .about("App", app.name())
                .about("Client id", app.clientId())
                .about("Owner", pages.owner(app))
                .follows("It is gone at once and for good, with its secrets and what stores said of it.")
                .follows("No store gets tokens for it, and its server can verify none.")
                .follows("What it was told about customers stays in the stores' ledgers.")
                .repeating(request, "revision")
                .proof(new Confirmation.Proof(
                        "confirmation",
                        "Its name or client id, to confirm",
                        false,
                        typed,
                        Confirmation.isGiven(request) ? "This is neither the app's name nor its client id." : null));
    }

    private void show(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        String notice = switch (request.parameter("notice")) {
            case "saved" -> "The settings are saved, and count from the next token on.";
            case "disabled" -> "The app is disabled: no store gets tokens for it.";
            case "enabled" ->
                app.isActive()
                        ? "The app is enabled."
                        : "Your part is done. Somebody else’s decision still stops tokens.";
            case "blocked" -> "The app is blocked: no store gets tokens for it, and its developer cannot change that.";
            case "lifted" ->
                app.isActive()
                        ? "The block is lifted: stores get tokens for the app again."
                        : "The block is lifted. Its developer has switched the app off, so it gets no tokens yet.";
            default -> null;
        };
        send(request, 200, SettingsForm.of(app).withNotice(notice));
    }

    private void save(ConsoleRequest request) {
        App app = ownApps.require(request, Action.CHANGE_APP);
        SettingsForm form = typed(request, app);
        Map<String, String> faults = new LinkedHashMap<>();
        AppRules.name(form.name()).ifPresent(fault -> faults.put("name", fault));
        AppRules.description(form.description()).ifPresent(fault -> faults.put("description", fault));
        AppRules.origins(form.originSet()).ifPresent(fault -> faults.put("origins", fault));
        if (!faults.isEmpty()) {
            send(request, 422, form.withFaults(faults));
            return;
        }
        AppDetails details = form.details();
        try {
            found(apps.update(
                    app.clientId(),
                    request.revision(),
                    request.may(Action.GOVERN_APPS, Resource.SERVER),
                    _ -> details));
            request.exchange().redirect(AppTab.SETTINGS.path(app) + "?notice=saved");
        } catch (RevisionConflictException changed) {
            send(
                    request,
                    409,
                    typed(request, ownApps.require(request, Action.CHANGE_APP)).inConflict());
        }
    }

    private void disable(ConsoleRequest request) {
        App app = ownApps.require(request, Action.CHANGE_APP);
        boolean disabled = request.field("disabled").equals("true");
        try {
            boolean operator = isOperator(request);
            found(
                    operator
                            ? apps.setDisabledByOperator(
                                    app.clientId(), disabled ? revision(request, app) : request.revision(), disabled)
                            : apps.setDisabled(app.clientId(), request.revision(), disabled));
            String notice = operator && app.ownerId().isPresent()
                    ? (disabled ? "blocked" : "lifted")
                    : (disabled ? "disabled" : "enabled");
            request.exchange().redirect(AppTab.SETTINGS.path(app) + "?notice=" + notice);
        } catch (RevisionConflictException changed) {
            sendConflict(request);
        }
    }

    private void showOrigins(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        request.require(Action.GOVERN_APPS, Resource.SERVER);
        String notice = switch (request.parameter("notice")) {
            case "approved" -> "The origin is approved at every store that has not withdrawn it.";
            case "withdrawn" -> "The approval at every store is withdrawn. What stores decided themselves stays.";
            default -> null;
        };
        pages.send(
                request,
                200,
                "Origins of " + app.name(),
                "developers/origins.jte",
                view(request, SettingsForm.of(app).withNotice(notice)));
    }

    /** Approves an origin at every store, or takes that back: for operators. */
    private void decideOrigin(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        request.require(Action.GOVERN_APPS, Resource.SERVER);
        boolean approved = request.field("approved").equals("true");
        if (!apps.origins()
                .decideEverywhere(
                        app.clientId(),
                        request.field("origin"),
                        approved,
                        Optional.of(request.member().id()))) {
            throw Access.noSuchObject();
        }
        request.exchange()
                .redirect(AppTab.SETTINGS.path(app) + "/origins?notice=" + (approved ? "approved" : "withdrawn"));
    }

    private static boolean isOperator(ConsoleRequest request) {
        return request.may(Action.BLOCK_APP, Resource.SERVER);
    }

    /**
     * The revision that a form was made from; none where an operator decides against a developer's app, which its developer could
     * hold off by changing the app meanwhile.
     */
    private static OptionalLong revision(ConsoleRequest request, App app) {
        return isOperator(request) && app.ownerId().isPresent() ? OptionalLong.empty() : request.revision();
    }

    private void delete(ConsoleRequest request) {
        App app = ownApps.require(request, Action.CHANGE_APP);
        boolean operator = isOperator(request);
        String typed = request.field("confirmation").strip();
        boolean right = typed.equals(app.clientId()) || typed.equals(app.name().strip());
        if (!Confirmation.isGiven(request) || !right) {
            pages.ask(request, deletion(request, app, typed));
            return;
        }
        try {
            OptionalLong revision = revision(request, app);
            var _ = operator ? apps.deleteByOperator(app.clientId(), revision) : apps.delete(app.clientId(), revision);
            request.exchange().redirect("/developers?notice=deleted");
        } catch (BlockedAppException blocked) {
            throw new ProblemException(
                    new Problem(409, "app_blocked", "An operator has blocked this app", blocked.detail()));
        } catch (RevisionConflictException changed) {
            sendConflict(request);
        }
    }

    private void sendConflict(ConsoleRequest request) {
        send(
                request,
                409,
                SettingsForm.of(ownApps.require(request, Action.CHANGE_APP)).inConflict());
    }

    private void send(ConsoleRequest request, int status, SettingsForm form) {
        pages.send(
                request,
                status,
                (status == 409 ? "Not saved: " : "") + "Settings of "
                        + form.app().name(),
                "developers/settings.jte",
                view(request, form));
    }

    private SettingsView view(ConsoleRequest request, SettingsForm form) {
        App app = form.app();
        return new SettingsView(
                form,
                app.ownerId().flatMap(members::find).map(Member::name),
                apps.origins().ofApp(app.clientId()),
                OwnApps.seesAll(request) ? stores.list() : stores.openToDevelopers(),
                isOperator(request));
    }

    private static SettingsForm typed(ConsoleRequest request, App app) {
        return new SettingsForm(
                app,
                request.field("name").strip(),
                request.field("description").strip().replace("\r\n", "\n"),
                request.field("algorithm").equals("HS512") ? JwsAlgorithm.HS512 : JwsAlgorithm.HS256,
                SettingsForm.chosen(
                        ExtraClaim.class,
                        claim -> !request.field("claim_" + claim.claim()).isEmpty()),
                SettingsForm.chosen(
                        PersonalClaim.class,
                        claim -> !request.field("needs_" + claim.claim()).isEmpty()),
                request.field("origins").replace("\r\n", "\n"),
                Map.of(),
                false,
                null);
    }

    private static void found(Optional<App> app) {
        if (app.isEmpty()) {
            throw Access.noSuchObject();
        }
    }
}
