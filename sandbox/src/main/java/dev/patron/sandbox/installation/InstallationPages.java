package dev.patron.sandbox.installation;

import dev.patron.endpoint.Problem;
import dev.patron.sandbox.installation.Views.Link;
import dev.patron.sandbox.installation.Views.Person;
import dev.patron.sandbox.installation.Views.Row;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import dev.patron.server.text.VisibleText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The pages about the apps that are installed at stores: installing, opening and uninstalling them. */
final class InstallationPages {

    static final String ROOM = "/installations";

    private static final String STORE = ROOM + "/*";
    private static final String APP = STORE + "/apps/*";
    private static final int HASH_SEGMENT = 1;
    private static final int CLIENT_ID_SEGMENT = 3;

    private static final Problem NOTHING_TO_OPEN = new Problem(
            404, "nothing_to_open", "The app has nothing to open", "Its developer enters a load callback on its page.");

    private final ConsolePages pages;
    private final Apps apps;
    private final Stores stores;
    private final Members members;
    private final Registrations registrations;
    private final Installations installations;
    private final SignedPayload payload;

    InstallationPages(
            ConsolePages pages,
            Apps apps,
            Stores stores,
            Members members,
            Registrations registrations,
            Installations installations,
            SignedPayload payload) {
        this.pages = pages;
        this.apps = apps;
        this.stores = stores;
        this.members = members;
        this.registrations = registrations;
        this.installations = installations;
        this.payload = payload;
    }

    void addTo(Routes routes) {
        routes.on("GET", ROOM, pages.member(this::home))
                .on("GET", STORE, pages.member(this::list))
                .on("GET", APP + "/open", pages.member(this::open))
                .on("POST", APP + "/uninstall", pages.member(this::uninstall))
                .on("POST", APP + "/remove-user", pages.member(this::removeUser));
    }

    private void home(ConsoleRequest request) {
        List<Link> seen = stores.list().stream()
                .filter(store -> request.may(Action.SEE_STORE, target(store)))
                .map(store -> new Link(ROOM + "/" + store.hash(), store.name(), store.hash(), ""))
                .toList();
        Map<String, Registration> known = registrations.all();
        List<Link> own = apps.list().stream()
                .filter(app -> request.may(Action.SEE_APP, new Resource.OneApp(app.ownerId())))
                .map(app -> new Link(
                        RegistrationPages.path(app),
                        app.name(),
                        app.clientId(),
                        known.containsKey(app.clientId()) ? "Can be installed" : "No callbacks yet"))
                .toList();
        pages.send(
                request,
                200,
                "Installations",
                Parts.TEMPLATES.show("installation/home.jte", "page", new Views.Home(seen, own)));
    }

    private void list(ConsoleRequest request) {
        Store store = store(request, Action.SEE_STORE);
        String notice = switch (request.parameter("notice")) {
            case "uninstalled" ->
                "The app is uninstalled. Its access tokens are of no use any more, and it is told so.";
            case "removed" -> "The app is told to forget the user, who may open it again.";
            default -> null;
        };
        Map<String, Registration> known = registrations.all();
        List<Installation> installed = installations.ofStore(store.hash());
        Map<Long, List<Long>> users = installations.usersAt(store.hash());
        Map<Long, String> names =
                members.names(users.values().stream().flatMap(List::stream).toList());
        List<Row> rows = apps.list().stream()
                .filter(app -> isInstalled(installed, app)
                        || (known.containsKey(app.clientId()) && app.isActive() && app.isAllowedAt(store.hash())))
                .map(app -> row(
                        store,
                        app,
                        Optional.ofNullable(known.get(app.clientId())),
                        installed,
                        installation -> users.getOrDefault(installation.id(), List.of()).stream()
                                .map(id -> new Person(id, names.getOrDefault(id, "Member " + id)))
                                .toList()))
                .toList();
        pages.send(
                request,
                200,
                "Installed apps of " + VisibleText.isolated(store.name()),
                Parts.TEMPLATES.show(
                        "installation/store.jte",
                        "page",
                        new Views.StorePage(
                                store,
                                rows,
                                request.may(Action.GOVERN_APPS, target(store)),
                                request.may(Action.MANAGE_STORES, Resource.SERVER),
                                notice)));
    }

    private static Row row(
            Store store,
            App app,
            Optional<Registration> registration,
            List<Installation> installed,
            Function<Installation, List<Person>> users) {
        Optional<Installation> installation = installed.stream()
                .filter(each -> each.clientId().equals(app.clientId()))
                .findFirst();
        boolean works = app.isActive() && app.isAllowedAt(store.hash());
        return new Row(
                app,
                ROOM + "/" + store.hash() + "/apps/" + app.clientId(),
                registration.filter(_ -> works).map(known -> AuthorizePages.path(app, known, store)),
                installation,
                installation.map(users).orElse(List.of()),
                works
                        && installation.isPresent()
                        && registration
                                .filter(known -> !installation.get().scopes().containsAll(known.scopes()))
                                .isPresent(),
                works
                        && registration
                                .filter(known -> !known.loadCallback().isEmpty())
                                .isPresent());
    }

    private static boolean isInstalled(List<Installation> installed, App app) {
        return installed.stream().anyMatch(each -> each.clientId().equals(app.clientId()));
    }

    /** Sends the member to the app, which learns who they are. Only the console's own pages lead there. */
    private void open(ConsoleRequest request) {
        Store store = store(request, Action.SEE_STORE);
        Installation installation = installation(request, store);
        if (request.exchange().origin().isOther()) {
            throw new ProblemException(Problem.CROSS_SITE);
        }
        if ("none".equals(request.exchange().origin().site())) {
            // An address that was typed, or came by mail: the page with the button asks first.
            request.exchange().redirect(ROOM + "/" + store.hash());
            return;
        }
        String callback = apps.find(installation.clientId())
                .filter(app -> app.isActive() && app.isAllowedAt(store.hash()))
                .flatMap(app -> registrations.find(app.clientId()))
                .map(Registration::loadCallback)
                .filter(url -> !url.isEmpty())
                .orElseThrow(() -> new ProblemException(NOTHING_TO_OPEN));
        long memberId = request.member().id();
        String parameters = payload.parameters(installation.clientId(), store.hash(), memberId)
                .orElseThrow(Access::noSuchObject);
        installations.noteUser(installation, memberId);
        request.exchange()
                .with("Location", Registration.with(callback, parameters))
                .send(302);
    }

    private void uninstall(ConsoleRequest request) {
        Store store = store(request, Action.GOVERN_APPS);
        Installation installation = installation(request, store);
        if (!Confirmation.isGiven(request)) {
            App app = app(installation);
            pages.ask(
                    request,
                    question(store, app, "Uninstall " + VisibleText.isolated(app.name()) + "?", "Uninstall it")
                            .follows("Its access tokens are of no use any more, and its server is told so.")
                            .follows(
                                    "It may sign no more customers in. Look at the store's scripts: one that it has put there may still"
                                            + " stand in the pages.")
                            .follows("To have it back, install it again and consent again."));
            return;
        }
        installations.uninstall(
                store.hash(), installation.clientId(), request.member().id());
        request.exchange().redirect(ROOM + "/" + store.hash() + "?notice=uninstalled");
    }

    private void removeUser(ConsoleRequest request) {
        Store store = store(request, Action.GOVERN_APPS);
        Installation installation = installation(request, store);
        String member = request.field("member_id");
        Optional<Long> known = installations.usersAt(store.hash()).getOrDefault(installation.id(), List.of()).stream()
                .filter(id -> Long.toString(id).equals(member))
                .findFirst();
        if (known.isPresent() && !Confirmation.isGiven(request)) {
            App app = app(installation);
            String name = name(known.get());
            pages.ask(
                    request,
                    question(
                                    store,
                                    app,
                                    "Have " + VisibleText.isolated(app.name()) + " forget " + VisibleText.isolated(name)
                                            + "?",
                                    "Have it forget them")
                            .about("Member", name)
                            .follows(
                                    "Its server is told to delete what it keeps of this member. That cannot be taken back.")
                            .follows("The member may open the app again.")
                            .repeating(request, "member_id"));
            return;
        }
        if (!member.matches("[1-9][0-9]{0,17}") || !installations.removeUser(installation, Long.parseLong(member))) {
            throw Access.noSuchObject();
        }
        request.exchange().redirect(ROOM + "/" + store.hash() + "?notice=removed");
    }

    private Confirmation question(Store store, App app, String question, String button) {
        return Confirmation.irreversible(question, button, ROOM + "/" + store.hash())
                .about("App", app.name())
                .about("Owner", pages.owner(app))
                .about("Store", store.name());
    }

    private App app(Installation installation) {
        return apps.find(installation.clientId()).orElseThrow(Access::noSuchObject);
    }

    private String name(long memberId) {
        return members.find(memberId).map(Member::name).orElse("Member " + memberId);
    }

    private Store store(ConsoleRequest request, Action action) {
        Store store = stores.find(request.exchange().segment(HASH_SEGMENT)).orElseThrow(Access::noSuchObject);
        request.require(action, target(store));
        return store;
    }

    private Installation installation(ConsoleRequest request, Store store) {
        return installations
                .find(store.hash(), request.exchange().segment(CLIENT_ID_SEGMENT))
                .orElseThrow(Access::noSuchObject);
    }

    private static Resource target(Store store) {
        return new Resource.OneStore(store.hash(), store.openToDevelopers());
    }
}
