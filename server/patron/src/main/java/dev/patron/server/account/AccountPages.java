package dev.patron.server.account;

import dev.patron.endpoint.Accept;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.RequestOrigin;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.KnownDevices;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.Passwords;
import dev.patron.server.customer.SignIn;
import dev.patron.server.http.DeviceCookie;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Form;
import dev.patron.server.http.LinkCookie;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.login.RedirectTarget;
import dev.patron.server.page.BrowserSessions;
import dev.patron.server.page.MaskedEmail;
import dev.patron.server.page.PageRequest;
import dev.patron.server.page.Pages;
import dev.patron.server.page.Visitor;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.session.Sessions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /login.php} and {@code /account.php}, with the paths, actions and fields of the platform's storefront. Every
 * change of state refuses requests that come from another origin, signing in included.
 */
public final class AccountPages {

    private static final String LOGIN = "/login.php";
    private static final String ACCOUNT = "/account.php";
    private static final String RESET = LOGIN + "?action=reset_password";
    private static final Problem SPENT = new Problem(
            404,
            "link_spent",
            "This link does not work any more",
            "It was used already, or it has expired. Ask the store for another one.");
    private static final String WRONG = "The e-mail address or the password is wrong. Check both and try again.";

    /** The platform's words: an app's link to sign the customer in did not work. */
    private static final String INVALID_LOGIN = "Invalid login. Please attempt to log in again.";

    private final Pages pages;
    private final Customers customers;
    private final Sessions sessions;
    private final Passwords passwords;
    private final PasswordLinks passwordLinks;
    private final AttemptLimits attempts;
    private final BrowserSessions browserSessions;

    /** The pages of one server. */
    public AccountPages(
            Pages pages,
            Customers customers,
            Sessions sessions,
            Passwords passwords,
            PasswordLinks passwordLinks,
            AttemptLimits attempts,
            BrowserSessions browserSessions) {
        this.pages = pages;
        this.customers = customers;
        this.sessions = sessions;
        this.passwords = passwords;
        this.passwordLinks = passwordLinks;
        this.attempts = attempts;
        this.browserSessions = browserSessions;
    }

    /** Adds the pages to a storefront. */
    public void addTo(Routes routes) {
        routes.on("GET", LOGIN, pages.page(this::showLogin))
                .on("POST", LOGIN, pages.page(this::changeLogin))
                .on("GET", ACCOUNT, pages.page(this::showAccount))
                .on("POST", ACCOUNT, pages.page(this::changeAccount));
    }

    private void showLogin(PageRequest request) {
        switch (action(request)) {
            case "" -> showSignIn(request);
            case "create_account" -> send(request, 200, CreateAccountPage.empty(passwords.minLength()));
            case "reset_password" -> showReset(request);
            case "logout" -> signOut(request);
            default -> throw new ProblemException(Problem.NO_SUCH_PAGE);
        }
    }

    /** The path where whoever has the link starts to choose a new password. */
    public static String resetPath(BearerSecret link) {
        return RESET + "&token=" + link.reveal();
    }

    private void changeLogin(PageRequest request) {
        request.requireOwnOrigin();
        switch (action(request)) {
            case "check_login" -> signIn(request);
            case "save_new_account" -> signUp(request);
            case "reset_password" -> resetPassword(request);
            case "logout" -> signOut(request);
            default -> throw new ProblemException(Problem.NO_SUCH_PAGE);
        }
    }

    private void changeAccount(PageRequest request) {
        request.requireOwnOrigin();
        if (request.visitor().isEmpty()) {
            askToSignIn(request);
            return;
        }
        Visitor visitor = request.visitor().get();
        switch (action(request)) {
            case "change_password" -> changePassword(request, visitor);
            case "sign_out_everywhere" -> {
                customers.signOutEverywhere(visitor.customer());
                leave(request);
            }
            default -> throw new ProblemException(Problem.NO_SUCH_PAGE);
        }
    }

    private void showSignIn(PageRequest request) {
        String redirectTo = RedirectTarget.safe(parameter(request, "redirect_to"));
        if (!parameter(request, "invalid_login").isEmpty()) {
            // A link that was visited twice, mostly: then they are signed in by the first visit.
            SignInPage page = request.visitor().isPresent()
                    ? new SignInPage("", redirectTo, null, INVALID_LOGIN + " Until then you stay signed in as before.")
                    : new SignInPage("", redirectTo, INVALID_LOGIN, null);
            send(request, 200, page);
            return;
        }
        if (request.visitor().isPresent()) {
            request.exchange().redirect(RedirectTarget.orDefault(redirectTo));
            return;
        }
        String notice = null;
        if (!parameter(request, "password_changed").isEmpty()) {
            notice = "Your password is changed. Sign in with the new one.";
        } else if (!parameter(request, "signed_out").isEmpty()) {
            notice = "You are signed out.";
        }
        send(request, 200, new SignInPage("", redirectTo, null, notice));
    }

    private void showReset(PageRequest request) {
        Exchange exchange = request.exchange();
        List<String> tokens = exchange.query("token");
        if (!tokens.isEmpty()) {
            BearerSecret link = link(tokens.getFirst());
            requireCustomer(request, link);
            linkCookie(request).exchange(exchange, link.reveal(), RESET);
            return;
        }
        BearerSecret link = link(linkCookie(request).read(exchange));
        sendNewPassword(request, 200, page(requireCustomer(request, link), link, Map.of()));
    }

    private void resetPassword(PageRequest request) {
        Form form = request.exchange().form();
        BearerSecret link = link(linkCookie(request).read(request.exchange()));
        Customer customer = requireCustomer(request, link);
        LinkCookie.requireSame(link.fingerprint(), form.field(LinkCookie.FINGERPRINT));
        Map<String, String> faults = new LinkedHashMap<>();
        addPasswordFaults(faults, form.field("password"), form.field("password_confirmation"), "password");
        if (!faults.isEmpty()) {
            sendNewPassword(request, 422, page(customer, link, faults));
            return;
        }
        if (!passwordLinks.reset(request.store().hash(), link, form.field("password"))) {
            throw new ProblemException(SPENT);
        }
        browserSessions.end(request.exchange(), request.store());
        linkCookie(request).end(request.exchange());
        // Whoever has the link is let in also while others use up the account's attempts.
        rememberDevice(request, customer);
        request.exchange().redirect(LOGIN + "?password_changed=1");
    }

    private static BearerSecret link(String token) {
        return BearerSecret.parse(token).orElseThrow(() -> new ProblemException(SPENT));
    }

    /** Whose link it is, if it works here. */
    private Customer requireCustomer(PageRequest request, BearerSecret link) {
        return passwordLinks.look(request.store().hash(), link).orElseThrow(() -> new ProblemException(SPENT));
    }

    private static LinkCookie linkCookie(PageRequest request) {
        return new LinkCookie("SHOP_LINK", request.store().https());
    }

    private void signIn(PageRequest request) {
        Exchange exchange = request.exchange();
        Form form = exchange.form();
        String email = form.field("login_email");
        String wish = form.field("redirect_to");
        String redirectTo = RedirectTarget.safe(wish.isEmpty() ? parameter(request, "redirect_to") : wish);
        SignIn outcome = customers.signIn(
                request.store().hash(),
                email,
                form.field("login_pass"),
                origin(request),
                deviceCookie(request).read(exchange));
        switch (outcome) {
            case SignIn.SignedIn signedIn -> {
                begin(request, signedIn);
                exchange.redirect(RedirectTarget.orDefault(redirectTo));
            }
            case SignIn.Refused _ -> send(request, 422, new SignInPage(email, redirectTo, WRONG, null));
            case SignIn.TooManyAttempts tooMany ->
                send(
                        retryAfter(request, tooMany.retryAfter()),
                        429,
                        new SignInPage(email, redirectTo, tooManyAttempts(tooMany.retryAfter()), null));
        }
    }

    private void signUp(PageRequest request) {
        Exchange exchange = request.exchange();
        Form form = exchange.form();
        NewCustomer details =
                new NewCustomer(form.field("email"), form.field("first_name"), form.field("last_name"), 0);
        Map<String, String> faults = details.faults();
        addPasswordFaults(faults, form.field("password"), form.field("password_confirmation"), "password");
        if (faults.isEmpty()) {
            Duration wait = attempts.countForAddress(exchange.remoteAddress());
            if (wait.isPositive()) {
                retryAfter(request, wait);
                faults.put("", tooManyAttempts(wait));
                send(request, 429, page(details, faults));
                return;
            }
            try {
                SignIn.SignedIn signedIn =
                        customers.signUp(request.store().hash(), details, form.field("password"), origin(request));
                begin(request, signedIn);
                exchange.redirect(ACCOUNT);
                return;
            } catch (EmailTakenException taken) {
                faults.put("email", "There is an account with this e-mail address already. Sign in, or use another.");
            }
        }
        send(request, 422, page(details, faults));
    }

    private void begin(PageRequest request, SignIn.SignedIn signedIn) {
        browserSessions.begin(request.exchange(), request.store(), signedIn.session());
        rememberDevice(request, signedIn.customer());
    }

    private void rememberDevice(PageRequest request, Customer customer) {
        DeviceCookie cookie = deviceCookie(request);
        customers
                .rememberDevice(customer, cookie.read(request.exchange()))
                .ifPresent(value -> cookie.set(request.exchange(), value, KnownDevices.VALIDITY));
    }

    private static DeviceCookie deviceCookie(PageRequest request) {
        return new DeviceCookie("SHOP_DEVICE", request.store().https());
    }

    /**
     * Another site, a mail or a bookmark can link here, but not sign anybody out: without proof that a page of this store
     * asks, the answer to a browser is a question.
     */
    private void signOut(PageRequest request) {
        Exchange exchange = request.exchange();
        RequestOrigin origin = exchange.origin();
        boolean proven = exchange.method().equals("POST") || origin.isSameOrigin();
        boolean browser = origin.site() != null || Accept.wantsHtml(exchange.header("Accept"));
        if (proven || !browser) {
            leave(request);
        } else {
            pages.send(request, 200, "Sign out", Pages.TEMPLATES.show("account/sign-out.jte", Map.of()));
        }
    }

    private void showAccount(PageRequest request) {
        if (request.visitor().isEmpty()) {
            askToSignIn(request);
            return;
        }
        String notice = parameter(request, "changed").isEmpty()
                ? null
                : "Your password is changed, and every other browser is signed out.";
        send(request, 200, request.visitor().get(), Map.of(), notice);
    }

    private void changePassword(PageRequest request, Visitor visitor) {
        Form form = request.exchange().form();
        Map<String, String> faults = new LinkedHashMap<>();
        addPasswordFaults(faults, form.field("new_password"), form.field("new_password_confirmation"), "new_password");
        if (!faults.isEmpty()) {
            send(request, 422, visitor, faults, null);
            return;
        }
        SignIn outcome = customers.changePassword(
                visitor.customer(), form.field("current_password"), form.field("new_password"), origin(request));
        switch (outcome) {
            case SignIn.SignedIn signedIn -> {
                begin(request, signedIn);
                request.exchange().redirect(ACCOUNT + "?changed=1");
            }
            case SignIn.Refused _ ->
                send(request, 422, visitor, Map.of("current_password", "This is not your current password."), null);
            case SignIn.TooManyAttempts tooMany ->
                send(
                        retryAfter(request, tooMany.retryAfter()),
                        429,
                        visitor,
                        Map.of("current_password", tooManyAttempts(tooMany.retryAfter())),
                        null);
        }
    }

    private void addPasswordFaults(Map<String, String> faults, String password, String confirmation, String field) {
        passwords.fault(password).ifPresent(fault -> faults.put(field, fault));
        if (!password.equals(confirmation)) {
            faults.put(field + "_confirmation", "Both passwords have to be the same.");
        }
    }

    private void leave(PageRequest request) {
        browserSessions.end(request.exchange(), request.store());
        request.exchange().redirect(LOGIN + "?signed_out=1");
    }

    private static void askToSignIn(PageRequest request) {
        request.exchange().redirect(LOGIN + "?redirect_to=" + URLEncoder.encode(ACCOUNT, StandardCharsets.US_ASCII));
    }

    private CreateAccountPage page(NewCustomer details, Map<String, String> faults) {
        return new CreateAccountPage(
                details.firstName(), details.lastName(), details.email(), passwords.minLength(), faults);
    }

    private void send(PageRequest request, int status, SignInPage page) {
        pages.send(
                request, status, title(status, "Sign in"), Pages.TEMPLATES.show("account/sign-in.jte", "page", page));
    }

    private NewPasswordPage page(Customer customer, BearerSecret link, Map<String, String> faults) {
        return new NewPasswordPage(MaskedEmail.of(customer.email()), link.fingerprint(), passwords.minLength(), faults);
    }

    private void sendNewPassword(PageRequest request, int status, NewPasswordPage page) {
        request.exchange().with("Referrer-Policy", Pages.STRICT_ORIGIN);
        pages.send(
                request,
                status,
                title(status, "Choose a new password"),
                Pages.TEMPLATES.show("account/new-password.jte", "page", page));
    }

    private void send(PageRequest request, int status, CreateAccountPage page) {
        pages.send(
                request,
                status,
                title(status, "Create an account"),
                Pages.TEMPLATES.show("account/create-account.jte", "page", page));
    }

    private void send(
            PageRequest request, int status, Visitor visitor, Map<String, String> faults, @Nullable String notice) {
        Customer customer = visitor.customer();
        BearerSecret current = visitor.session();
        AccountPage page = new AccountPage(
                customer, sessions.list(customer.key(), current), passwords.minLength(), faults, notice);
        pages.send(
                request,
                status,
                title(status, "Your account"),
                Pages.TEMPLATES.show("account/account.jte", "page", page));
    }

    /** A browser reads the title first: it says at once that a form was not taken. */
    private static String title(int status, String title) {
        return status < 400 ? title : "Error: " + title;
    }

    private static PageRequest retryAfter(PageRequest request, Duration wait) {
        request.exchange().with("Retry-After", Long.toString(wait.toSeconds() + 1));
        return request;
    }

    private static String tooManyAttempts(Duration wait) {
        long minutes = wait.toMinutes() + 1;
        return "Too many attempts. Try again in " + minutes + (minutes == 1 ? " minute." : " minutes.");
    }

    private static SessionOrigin origin(PageRequest request) {
        Exchange exchange = request.exchange();
        return SessionOrigin.of(
                exchange.remoteAddress(), exchange.header("User-Agent").orElse(""));
    }

    private static String action(PageRequest request) {
        return parameter(request, "action");
    }

    /** The value of a query parameter, or an empty string; the first of several. */
    private static String parameter(PageRequest request, String name) {
        List<String> values = request.exchange().query(name);
        return values.isEmpty() ? "" : values.getFirst();
    }
}
