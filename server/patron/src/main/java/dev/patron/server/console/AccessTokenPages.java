package dev.patron.server.console;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.AccessToken;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.MemberSignIn;
import dev.patron.server.member.Members;
import dev.patron.server.text.VisibleText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Making and revoking a member's personal access tokens. Making one takes the password; the token is shown once. */
final class AccessTokenPages {

    static final String TOKENS = "/account/tokens";

    private static final String NEW = TOKENS + "/new";
    private static final String REVOKE = TOKENS + "/revoke";
    private static final String DEFAULT_VALIDITY = "90";

    private final ConsolePages pages;
    private final Members members;
    private final AccessTokens tokens;

    AccessTokenPages(ConsolePages pages, Members members, AccessTokens tokens) {
        this.pages = pages;
        this.members = members;
        this.tokens = tokens;
    }

    void addTo(Routes routes) {
        routes.on("GET", NEW, pages.member(this::showNew))
                .on("POST", TOKENS, pages.member(this::create))
                .on("POST", REVOKE, pages.member(this::revoke));
    }

    private void showNew(ConsoleRequest request) {
        sendForm(request, 200, "", Set.of(), DEFAULT_VALIDITY, Map.of());
    }

    private void create(ConsoleRequest request) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Access.scopes(request.member().role()).stream()
                .filter(scope -> !request.field(scope.text()).isEmpty())
                .forEach(scopes::add);
        String validity = request.field("validity");
        NewAccessToken details = new NewAccessToken(request.field("name"), scopes, validity(validity));
        Map<String, String> faults = details.faults();
        if (!faults.isEmpty()) {
            sendForm(request, 422, details.name(), scopes, validity, faults);
            return;
        }
        Optional<MemberSignIn> refusal = members.passwordRefusal(request.member(), request.field("token_password"));
        if (refusal.isPresent()) {
            int status = MemberPages.status(request, refusal.get());
            faults.put("token_password", MemberPages.fault(refusal.get()));
            sendForm(request, status, details.name(), scopes, validity, faults);
            return;
        }
        String token = AccessTokens.PREFIX
                + tokens.create(request.member().id(), details).reveal();
        pages.send(
                request,
                200,
                "Your new access token",
                "console/access-token.jte",
                new MemberForms.MadeAccessToken(details.name(), token));
    }

    private void revoke(ConsoleRequest request) {
        String id = request.field("token");
        Optional<AccessToken> known = tokens.list(request.member()).stream()
                .filter(token -> Long.toString(token.id()).equals(id))
                .findFirst();
        if (known.isPresent() && !Confirmation.isGiven(request)) {
            String name = known.get().name();
            pages.ask(
                    request,
                    Confirmation.irreversible(
                                    "Revoke the access token " + VisibleText.isolated(name) + "?",
                                    "Revoke this token",
                                    "/account")
                            .about("Access token", name)
                            .about("It may", MemberForms.scopes(known.get()))
                            .about("Use", MemberForms.life(known.get()))
                            .follows("Whatever uses it is refused from the next request on.")
                            .follows("It does not come back: make another one instead.")
                            .repeating(request, "token"));
            return;
        }
        if (!id.matches("[1-9][0-9]{0,17}") || !tokens.revoke(request.member(), Long.parseLong(id))) {
            throw new ProblemException(new Problem(
                    404,
                    "no_such_token",
                    "You have no such access token",
                    "It may have been revoked meanwhile: see the list on your account page."));
        }
        request.exchange().redirect("/account?notice=token-revoked");
    }

    private void sendForm(
            ConsoleRequest request,
            int status,
            String name,
            Set<Scope> chosen,
            String validity,
            Map<String, String> faults) {
        List<MemberForms.ScopeChoice> choices = new ArrayList<>();
        for (Scope scope : Access.scopes(request.member().role())) {
            choices.add(new MemberForms.ScopeChoice(
                    scope.text(), meaning(scope), scope.farReaching(), chosen.contains(scope)));
        }
        pages.send(
                request,
                status,
                "Make an access token",
                "console/new-access-token.jte",
                new MemberForms.NewToken(name, choices, validity, faults));
    }

    private static String meaning(Scope scope) {
        return switch (scope) {
            case APPS_READ -> "See apps, what they are allowed, and their activity";
            case APPS_WRITE -> "Make, change, rotate and delete apps";
            case APPS_REPORT -> "Report, from an app's server, which secret verified a token";
            case STORES_READ -> "See stores, their customers, sessions, scripts and apps";
            case STORES_WRITE -> "See and change stores, their customers and passwords, sessions, scripts and apps";
            case LEDGER_READ -> "See which app received what about whom";
            case MEMBERS_WRITE -> "See, invite and disable members, and choose their passwords";
            case SERVER_BACKUP -> "Take a copy of the whole database away";
        };
    }

    /** In days; whatever is none of the choices is too long, and said to be so. */
    private static Optional<Duration> validity(String days) {
        return switch (days) {
            case "never" -> Optional.empty();
            case "7", "30", "90", "365" -> Optional.of(Duration.ofDays(Long.parseLong(days)));
            default -> Optional.of(Duration.ZERO);
        };
    }
}
