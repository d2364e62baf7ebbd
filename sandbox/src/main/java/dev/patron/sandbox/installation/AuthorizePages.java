package dev.patron.sandbox.installation;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import dev.patron.server.text.VisibleText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * {@code /oauth2/authorize}: an operator or the store's staff is asked whether an app may be installed (RFC 6749 section 4.1.1).
 * Whatever is wrong with the request is shown here: nobody is sent to an app's site but by their own decision, and only to
 * the very URL that the app has registered.
 */
final class AuthorizePages {

    static final String PATH = "/oauth2/authorize";

    private static final int MAX_STATE = 1000;
    private static final String CONTEXT = "stores/";

    /** What an app asks for, found in order. */
    private record Wish(App app, Registration registration, Set<StoreScope> scopes, String state, List<Store> stores) {}

    private final ConsolePages pages;
    private final Apps apps;
    private final Stores stores;
    private final Registrations registrations;
    private final Installations installations;
    private final AuthorizationCodes codes;

    AuthorizePages(
            ConsolePages pages,
            Apps apps,
            Stores stores,
            Registrations registrations,
            Installations installations,
            AuthorizationCodes codes) {
        this.pages = pages;
        this.apps = apps;
        this.stores = stores;
        this.registrations = registrations;
        this.installations = installations;
        this.codes = codes;
    }

    void addTo(Routes routes) {
        routes.on("GET", PATH, pages.open(this::ask)).on("POST", PATH, pages.member(this::decide));
    }

    /** Where a store is asked whether an app may be installed. */
    static String path(App app, Registration registration, Store store) {
        return PATH + "?response_type=code&client_id=" + app.clientId() + "&redirect_uri="
                + SignedPayload.encode(registration.authCallback()) + "&scope="
                + SignedPayload.encode(StoreScope.text(registration.scopes())) + "&context="
                + SignedPayload.encode(CONTEXT + store.hash());
    }

    private void ask(ConsoleRequest request) {
        if (request.visitor().isEmpty()) {
            request.exchange()
                    .redirect("/sign-in?to="
                            + SignedPayload.encode(request.exchange().target()));
            return;
        }
        Wish wish = wish(request, request::parameter);
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : List.of("response_type", "client_id", "redirect_uri", "scope", "state")) {
            fields.put(name, request.parameter(name));
        }
        Set<StoreScope> known = wish.stores().size() == 1
                ? installations
                        .find(wish.stores().getFirst().hash(), wish.app().clientId())
                        .map(Installation::scopes)
                        .orElse(Set.of())
                : Set.of();
        Views.Consent page = new Views.Consent(
                wish.app(),
                pages.owner(wish.app()),
                wish.stores(),
                wish.scopes().stream().sorted().toList(),
                known,
                fields,
                wish.registration().origin());
        pages.sendFormTo(
                request,
                wish.registration().origin(),
                200,
                "Install " + VisibleText.isolated(wish.app().name()),
                Parts.TEMPLATES.show("installation/consent.jte", "page", page));
    }

    private void decide(ConsoleRequest request) {
        Wish wish = wish(request, request::field);
        String state = wish.state().isEmpty() ? "" : "&state=" + SignedPayload.encode(wish.state());
        String answer;
        if (request.field("decision").equals("allow")) {
            if (wish.stores().size() != 1) {
                throw refused("Choose the store that the app is to be installed at.");
            }
            Store store = wish.stores().getFirst();
            answer = codes.answer(new AuthorizationCodes.Consent(
                    wish.app().clientId(),
                    store.hash(),
                    request.member().id(),
                    wish.registration().authCallback(),
                    wish.scopes()));
        } else {
            answer = "error=access_denied";
        }
        request.exchange()
                .with("Location", Registration.with(wish.registration().authCallback(), answer + state))
                .send(302);
    }

    private Wish wish(ConsoleRequest request, UnaryOperator<String> field) {
        App app = apps.find(field.apply("client_id"))
                .filter(App::isActive)
                .orElseThrow(() -> refused("client_id names no app, or one that is disabled or blocked."));
        Registration registration = registrations
                .find(app.clientId())
                .orElseThrow(() -> refused(
                        "The app has no auth callback. Its developer enters one on the app's installation page."));
        if (!field.apply("redirect_uri").equals(registration.authCallback())) {
            throw refused("redirect_uri is not the app's auth callback, to the letter.");
        }
        if (!field.apply("response_type").equals("code")) {
            throw refused("response_type has to be code.");
        }
        Set<StoreScope> scopes = StoreScope.parse(field.apply("scope"))
                .filter(asked -> !asked.isEmpty() && registration.scopes().containsAll(asked))
                .orElseThrow(() -> refused("scope is empty, or has one that the app has not registered."));
        String state = field.apply("state");
        if (state.length() > MAX_STATE) {
            throw refused("state has at most " + MAX_STATE + " characters.");
        }
        return new Wish(app, registration, scopes, state, stores(request, app, field.apply("context")));
    }

    /** The store that is named, or all that the member may install the app at. */
    private List<Store> stores(ConsoleRequest request, App app, String context) {
        if (!context.isEmpty()) {
            Optional<Store> named =
                    context.startsWith(CONTEXT) ? stores.find(context.substring(CONTEXT.length())) : Optional.empty();
            Store store = named.orElseThrow(() -> refused("context names no store, as stores/{hash}."));
            request.require(Action.GOVERN_APPS, target(store));
            if (!app.isAllowedAt(store.hash())) {
                throw new ProblemException(new Problem(
                        403,
                        "app_not_allowed",
                        "The app is barred at this store",
                        "Allow it in the control panel first."));
            }
            return List.of(store);
        }
        List<Store> own = stores.list().stream()
                .filter(store -> request.may(Action.GOVERN_APPS, target(store)))
                .filter(store -> app.isAllowedAt(store.hash()))
                .toList();
        if (own.isEmpty()) {
            throw new ProblemException(new Problem(
                    403,
                    "no_store",
                    "There is no store at which you may install this app",
                    "Sign in as an operator, or as staff of a store where the app is not barred."));
        }
        return own;
    }

    private static Resource target(Store store) {
        return new Resource.OneStore(store.hash(), store.openToDevelopers());
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(
                new Problem(400, "invalid_authorization", "The app asks in a way that is not understood", detail));
    }
}
