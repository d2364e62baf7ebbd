package dev.patron.server.storefront;

import dev.patron.endpoint.Problem;
import dev.patron.server.audit.Recorder;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.login.LoginOutcome;
import dev.patron.server.page.BrowserSessions;
import dev.patron.server.page.PageRequest;
import dev.patron.server.page.Pages;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.store.Stores;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code GET /login/token/{jwt}}, wire-compatible with the platform's Customer Login API. Only a visit counts: what loads a
 * picture, looks ahead or asks by {@code HEAD} neither signs in nor uses the token up. The visitor is never told why they are
 * not signed in; each refusal is counted for the app.
 */
public final class LoginTokenPage {

    /** Where a visitor is sent who is not signed in. */
    public static final String INVALID = "/login.php?invalid_login=1";

    /** As long as a verifier takes. */
    private static final String ROUTE = "/login/token/*8192";

    private static final String SIGNED_OUT = "/login.php?signed_out=1";

    private static final Problem NOT_A_VISIT = new Problem(
            403,
            "not_a_visit",
            "This address has to be visited",
            "Send the browser itself there, not a part of a page. The token was not used up.");

    private static final Problem LOOKING_AHEAD = new Problem(
            503,
            "looking_ahead",
            "This address is not loaded ahead",
            "Send the browser there when the customer goes there. The token was not used up.");

    private final Pages pages;
    private final CustomerLogins logins;
    private final BrowserSessions browserSessions;
    private final Recorder recorder;

    /** The page of one server. */
    public LoginTokenPage(Pages pages, CustomerLogins logins, BrowserSessions browserSessions, Recorder recorder) {
        this.pages = pages;
        this.logins = logins;
        this.browserSessions = browserSessions;
        this.recorder = recorder;
    }

    /** Adds the page to a storefront. */
    public void addTo(Routes routes) {
        routes.on("GET", ROUTE, pages.page(this::signIn));
    }

    private void signIn(PageRequest request) {
        Exchange exchange = request.exchange();
        requireVisit(exchange);
        SessionOrigin from = SessionOrigin.of(
                exchange.remoteAddress(), exchange.header("User-Agent").orElse(""));
        switch (logins.signIn(request.store().hash(), exchange.lastSegment(), from)) {
            case LoginOutcome.SignedIn signedIn -> {
                browserSessions.begin(exchange, request.store(), signedIn.session());
                exchange.redirect(signedIn.goOnTo());
            }
            case LoginOutcome.SignOut _ -> {
                browserSessions.end(exchange, request.store());
                exchange.redirect(SIGNED_OUT);
            }
            case LoginOutcome.Refused refused -> {
                String host = Stores.hostOf(exchange.authority());
                recorder.refused(host, refused.clientId().orElse(null), refused.reason());
                exchange.redirect(INVALID);
            }
        }
    }

    private static void requireVisit(Exchange exchange) {
        if (exchange.method().equals("HEAD")) {
            throw new ProblemException(Problem.methodNotAllowed("GET"));
        }
        if (says(exchange, "Sec-Purpose", "prefetch") || says(exchange, "Purpose", "prefetch")) {
            throw new ProblemException(LOOKING_AHEAD);
        }
        Optional<String> destination = exchange.header("Sec-Fetch-Dest");
        if (destination.isPresent() && !destination.get().equalsIgnoreCase("document")) {
            throw new ProblemException(NOT_A_VISIT);
        }
    }

    private static boolean says(Exchange exchange, String header, String word) {
        return exchange.header(header).orElse("").toLowerCase(Locale.ROOT).contains(word);
    }
}
