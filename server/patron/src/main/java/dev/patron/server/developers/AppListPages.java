package dev.patron.server.developers;

import dev.patron.endpoint.ClientId;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.AppRules;
import dev.patron.server.app.Apps;
import dev.patron.server.app.ClientIds;
import dev.patron.server.app.DeletedClientIdException;
import dev.patron.server.app.InvalidAppException;
import dev.patron.server.app.NewApp;
import dev.patron.server.app.PersonalClaim;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.member.Role;
import dev.patron.server.text.VisibleText;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The list of apps, making one, taking one over, and an app's first page. */
final class AppListPages {

    private static final String LIST = "/developers";
    private static final String NEW = OwnApps.PATH + "/new";

    private final ConsolePages pages;
    private final OwnApps ownApps;
    private final Apps apps;
    private final Members members;

    AppListPages(ConsolePages pages, OwnApps ownApps, Members members) {
        this.pages = pages;
        this.ownApps = ownApps;
        this.apps = ownApps.apps();
        this.members = members;
    }

    void addTo(Routes routes) {
        routes.on("GET", LIST, pages.member(this::list))
                .on("GET", NEW, pages.member(this::showCreation))
                .on("POST", NEW, pages.member(this::create))
                .on("GET", AppTab.OVERVIEW.route(), pages.member(this::show));
    }

    private void list(ConsoleRequest request) {
        String notice = request.parameter("notice").equals("deleted") ? "The app is deleted." : null;
        boolean seesAll = OwnApps.seesAll(request);
        List<App> listed = ownApps.list(request);
        Map<Long, String> owners = seesAll
                ? members.names(
                        listed.stream().flatMap(app -> app.ownerId().stream()).toList())
                : Map.of();
        pages.send(request, 200, "Apps", "developers/list.jte", new AppViews.Listing(listed, seesAll, owners, notice));
    }

    private void showCreation(ConsoleRequest request) {
        request.require(Action.CREATE_APP, Resource.SERVER);
        sendCreation(
                request,
                200,
                new AppViews.Creation(
                        ClientIds.create(),
                        "",
                        "",
                        request.parameter("credentials").equals("import"),
                        "",
                        Map.of()));
    }

    private void create(ConsoleRequest request) {
        request.require(Action.CREATE_APP, Resource.SERVER);
        if (request.field("credentials").equals("import")) {
            takeOver(request);
        } else {
            makeNew(request);
        }
    }

    private void makeNew(ConsoleRequest request) {
        String offered = request.field("new_client_id");
        String clientId = ClientId.isWellFormed(offered) ? offered : ClientIds.create();
        Map<String, String> faults = faults(request);
        if (faults.isEmpty()) {
            try {
                Apps.Registered registered = apps.create(details(request, clientId, Optional.empty()));
                pages.send(
                        request,
                        200,
                        "Keep the secret",
                        "developers/credentials.jte",
                        new AppViews.Credentials(
                                registered.app(), registered.secret().reveal(), true));
                return;
            } catch (InvalidAppException taken) {
                Optional<App> made = apps.find(clientId)
                        .filter(app -> request.may(Action.SEE_APP, new Resource.OneApp(app.ownerId())));
                if (made.isPresent()) {
                    // The form was sent twice, such as by loading its answer again: the app is there, once.
                    request.exchange().redirect(OwnApps.path(made.get()) + "?notice=created");
                    return;
                }
                if (taken.member().equals("client_id")) {
                    clientId = ClientIds.create();
                    faults.put("", "The client id was taken meanwhile. Send the form again for another one.");
                } else {
                    faults.put("", taken.detail());
                }
            } catch (DeletedClientIdException deletedMeanwhile) {
                clientId = ClientIds.create();
                faults.put("", "The app that this form made was deleted. Send the form again for another one.");
            }
        }
        sendCreation(
                request,
                422,
                new AppViews.Creation(
                        clientId, request.field("name"), request.field("description"), false, "", faults));
    }

    private void takeOver(ConsoleRequest request) {
        String clientId = request.field("client_id").strip();
        String secret = request.field("client_secret").strip();
        Map<String, String> faults = faults(request);
        AppRules.clientId(clientId).ifPresent(fault -> faults.put("client_id", fault));
        if (secret.isEmpty()) {
            faults.put("client_secret", "Enter the client secret that the other portal shows.");
        } else {
            AppRules.secret(ClientSecret.of(secret)).ifPresent(fault -> faults.put("client_secret", fault));
        }
        if (faults.isEmpty()) {
            try {
                App app = apps.create(details(request, clientId, Optional.of(ClientSecret.of(secret))))
                        .app();
                request.exchange().redirect(OwnApps.path(app) + "?notice=imported");
                return;
            } catch (InvalidAppException taken) {
                faults.put(taken.member().equals("owner_id") ? "" : taken.member(), taken.detail());
            } catch (DeletedClientIdException deleted) {
                faults.put("client_id", deleted.detail());
            }
        }
        if (!faults.containsKey("client_secret")) {
            faults.put("client_secret", "Enter the secret once more: a page never shows it again.");
        }
        sendCreation(
                request,
                422,
                new AppViews.Creation(
                        ClientIds.create(),
                        request.field("name"),
                        request.field("description"),
                        true,
                        clientId,
                        faults));
    }

    private void sendCreation(ConsoleRequest request, int status, AppViews.Creation form) {
        pages.send(request, status, "New app", "developers/new.jte", form);
    }

    private void show(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        String notice = switch (request.parameter("notice")) {
            case "created" -> "The app is there. Its secret was shown once; if you missed it, make another one.";
            case "imported" -> "The app is taken over. Its tokens are signed with the secret you gave.";
            default -> null;
        };
        pages.send(
                request,
                200,
                VisibleText.isolated(app.name()),
                "developers/overview.jte",
                new AppViews.Overview(app, notice));
    }

    private static NewApp details(ConsoleRequest request, String clientId, Optional<ClientSecret> secret) {
        Member member = request.member();
        return new NewApp(
                new AppDetails(
                        name(request),
                        description(request),
                        JwsAlgorithm.HS256,
                        Set.of(),
                        EnumSet.allOf(PersonalClaim.class),
                        Set.of()),
                Optional.of(clientId),
                secret,
                Set.of(),
                member.role() == Role.OPERATOR ? Optional.empty() : Optional.of(member.id()));
    }

    private static Map<String, String> faults(ConsoleRequest request) {
        Map<String, String> faults = new LinkedHashMap<>();
        AppRules.name(name(request)).ifPresent(fault -> faults.put("name", fault));
        AppRules.description(description(request)).ifPresent(fault -> faults.put("description", fault));
        return faults;
    }

    private static String name(ConsoleRequest request) {
        return request.field("name").strip();
    }

    private static String description(ConsoleRequest request) {
        return request.field("description").strip().replace("\r\n", "\n");
    }
}
