package dev.patron.server.console;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.KnownDevices;
import dev.patron.server.customer.Passwords;
import dev.patron.server.http.DeviceCookie;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.LinkCookie;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.MemberSessions;
import dev.patron.server.member.MemberSignIn;
import dev.patron.server.member.Members;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.options.Options;
import dev.patron.server.page.MaskedEmail;
import dev.patron.server.page.Pages;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.services.Services;
import dev.patron.server.text.LocalPath;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signing up, in and out at the console, and a member's own account: password, second factor, deletion. */
public final class MemberPages {

    /** Where whoever was invited fills in the form. */
    static final String WELCOME = "/welcome";

    private static final String CODE = "/sign-in/code";
    private static final String SIGN_UP = "/sign-up";
    private static final String RESET = "/reset-password";
    private static final String ACCOUNT = "/account";
    private static final String FACTOR = "/account/second-factor";
    private static final String FACTOR_PASSWORD = "factor_password";
    private static final String DELETE_PASSWORD = "delete_password";
    private static final String WRONG = "The e-mail address or the password is wrong. Check both and try again.";
    private static final String NOT_YOURS = "This is not your password.";
    private static final Problem SPENT = new Problem(
            404,
            "link_spent",
            "This link does not work any more",
            "It was used already, or it has expired. Ask whoever gave it to you for another one.");

    private final ConsolePages pages;
    private final ConsoleCookie cookie;
    private final DeviceCookie deviceCookie;
    private final LinkCookie welcomeCookie;
    private final LinkCookie resetCookie;
    private final Members members;
    private final MemberSessions sessions;
    private final SecondFactor secondFactor;
    private final AccessTokens tokens;
    private final OneTimeLinks links;
    private final Passwords passwords;
    private final AttemptLimits limits;
    private final boolean signUpOpen;

    MemberPages(ConsolePages pages, ConsoleCookie cookie, Services services) {
        this.pages = pages;
        this.cookie = cookie;
        boolean https = services.options.get(Options.CONSOLE_HTTPS);
        this.deviceCookie = new DeviceCookie("PATRON_CONSOLE_DEVICE", https);
        this.welcomeCookie = new LinkCookie("PATRON_CONSOLE_WELCOME", https);
        this.resetCookie = new LinkCookie("PATRON_CONSOLE_RESET", https);
        this.members = services.members;
        this.sessions = services.memberSessions;
        this.secondFactor = services.secondFactor;
        this.tokens = services.accessTokens;
        this.links = services.links;
        this.passwords = services.passwords;
        this.limits = services.memberAttempts;
        this.signUpOpen = services.options.get(Options.CONSOLE_SIGN_UP);
    }

    /** The path of the page behind a one-time link to become a member. */
    public static String welcomePath(BearerSecret link) {
        return WELCOME + "/" + link.reveal();
    }

    /** The path of the page behind a one-time link to choose a new password. */
    public static String resetPath(BearerSecret link) {
        return RESET + "/" + link.reveal();
    }

    void addTo(Routes routes) {
        routes.on("GET", "/", pages.open(this::start))
                .on("GET", ConsolePages.SIGN_IN, pages.open(this::showSignIn))
                .on("POST", ConsolePages.SIGN_IN, pages.open(this::signIn))
                .on("GET", CODE, pages.open(this::showCode))
                .on("POST", CODE, pages.open(this::checkCode))
                .on("POST", "/sign-out", pages.open(this::signOut))
                .on("GET", SIGN_UP, pages.open(this::showSignUp))
                .on("POST", SIGN_UP, pages.open(this::signUp))
                .on("GET", WELCOME + "/*", pages.open(this::arriveAtWelcome))
                .on("GET", WELCOME, pages.open(this::showWelcome))
                .on("POST", WELCOME, pages.open(this::welcome))
                .on("GET", RESET + "/*", pages.open(this::arriveToReset))
                .on("GET", RESET, pages.open(this::showReset))
                .on("POST", RESET, pages.open(this::reset))
                .on("GET", ACCOUNT, pages.member(this::showAccount))
                .on("POST", ACCOUNT + "/password", pages.member(this::changePassword))
                .on("POST", ACCOUNT + "/delete", pages.member(this::delete))
                .on("GET", FACTOR, pages.member(this::showFactor))
                .on("POST", FACTOR, pages.member(this::confirmFactor))
                .on("POST", FACTOR + "/remove", pages.member(this::removeFactor))
                .on("POST", FACTOR + "/recovery-codes", pages.member(this::renewRecoveryCodes));
    }

    private void start(ConsoleRequest request) {
        request.exchange().redirect(request.visitor().map(MemberPages::home).orElse(ConsolePages.SIGN_IN));
    }

    private static String home(Member member) {
        return member.role() == Role.DEVELOPER ? "/developers" : "/panel";
    }

    private void showSignIn(ConsoleRequest request) {
        String to = goOnTo(request.parameter("to"));
        if (request.visitor().isPresent()) {
            request.exchange().redirect(to.isEmpty() ? home(request.member()) : to);
            return;
        }
        String notice = switch (request.parameter("notice")) {
            case "signed-out" -> "You are signed out.";
            case "deleted" -> "Your account is deleted.";
            case "new-password" -> "Your password is changed. Sign in with the new one.";
            default -> null;
        };
        sendSignIn(request, 200, "", to, null, notice);
    }

    private void signIn(ConsoleRequest request) {
        String email = request.field("email");
        String to = goOnTo(request.field("to"));
        Exchange exchange = request.exchange();
        MemberSignIn outcome =
                members.signIn(email, request.field("password"), exchange.remoteAddress(), deviceCookie.read(exchange));
        switch (outcome) {
            case MemberSignIn.SignedIn signedIn -> enter(request, signedIn, to);
            case MemberSignIn.CodeNeeded codeNeeded -> {
                endCurrent(request);
                request.exchange()
                        .with("Set-Cookie", cookie.begin(codeNeeded.session(), MemberSessions.TIME_FOR_CODE))
                        .redirect(to.isEmpty() ? CODE : CODE + "?to=" + encode(to));
            }
            case MemberSignIn.Refused _ -> sendSignIn(request, 422, email, to, WRONG, null);
            case MemberSignIn.TooManyAttempts tooMany ->
                sendSignIn(retryAfter(request, tooMany.retryAfter()), 429, email, to, wait(tooMany), null);
        }
    }

    private void sendSignIn(
            ConsoleRequest request,
            int status,
            String email,
            String to,
            @Nullable String fault,
            @Nullable String notice) {
        pages.send(
                request,
                status,
                "Sign in",
                "console/sign-in.jte",
                new MemberForms.SignIn(email, to, fault, notice, signUpOpen));
    }

    private void showCode(ConsoleRequest request) {
        sendCode(request, 200, goOnTo(request.parameter("to")), null);
    }

    private void checkCode(ConsoleRequest request) {
        String to = goOnTo(request.field("to"));
        Exchange exchange = request.exchange();
        MemberSignIn outcome = cookie.read(exchange.cookies())
                .map(waiting -> members.showCode(waiting, request.field("code"), exchange.remoteAddress()))
                .orElseGet(MemberSignIn.Refused::new);
        switch (outcome) {
            case MemberSignIn.SignedIn signedIn -> enter(request, signedIn, to);
            case MemberSignIn.TooManyAttempts tooMany ->
                sendCode(
                        retryAfter(request, tooMany.retryAfter()),
                        429,
                        to,
                        wait(tooMany) + " A recovery code may work sooner.");
            default ->
                sendCode(
                        request,
                        422,
                        to,
                        "The code is wrong, was used already, or came too late. Wait for the next code and try it; after"
                                + " five minutes, sign in anew.");
        }
    }

    private void sendCode(ConsoleRequest request, int status, String to, @Nullable String fault) {
        pages.send(request, status, "Second factor", "console/code.jte", new MemberForms.Code(to, fault));
    }

    private void signOut(ConsoleRequest request) {
        endCurrent(request);
        request.exchange().with("Set-Cookie", cookie.end()).redirect(ConsolePages.SIGN_IN + "?notice=signed-out");
    }

    private void showSignUp(ConsoleRequest request) {
        requireSignUp();
        sendSignUp(request, 200, developerForm("", "", Map.of()));
    }

    private void signUp(ConsoleRequest request) {
        requireSignUp();
        NewMember details = NewMember.developer(request.field("email"), request.field("name"));
        Map<String, String> faults = faults(request, details);
        if (faults.isEmpty()) {
            Duration wait = limits.countForAddress(request.exchange().remoteAddress());
            if (wait.isPositive()) {
                faults.put("", tooMany(wait));
                sendSignUp(retryAfter(request, wait), 429, developerForm(details.name(), details.email(), faults));
                return;
            }
            try {
                enter(request, members.signUp(details, request.field("password")), "");
                return;
            } catch (MemberExistsException taken) {
                faults.put("email", "There is an account with this e-mail address already. Sign in, or use another.");
            }
        }
        sendSignUp(request, 422, developerForm(details.name(), details.email(), faults));
    }

    private void requireSignUp() {
        if (!signUpOpen) {
            throw new ProblemException(new Problem(
                    403,
                    "sign_up_closed",
                    "Only invited people can sign up here",
                    "Ask an operator of this server for an invitation."));
        }
    }

    private MemberForms.SignUp developerForm(String name, String email, Map<String, String> faults) {
        return new MemberForms.SignUp(
                "Create a developer account",
                "Register apps, get their credentials, and see your tokens verified.",
                new MemberForms.Target(SIGN_UP, ""),
                name,
                email,
                passwords.minLength(),
                faults);
    }

    private void arriveAtWelcome(ConsoleRequest request) {
        BearerSecret link = link(request.exchange().lastSegment());
        requireInvitation(link);
        welcomeCookie.exchange(request.exchange(), link.reveal(), WELCOME);
    }

    private void showWelcome(ConsoleRequest request) {
        Invitation invitation = invitation(request);
        sendSignUp(request, 200, invitation.form("", "", passwords.minLength(), Map.of()));
    }

    private void welcome(ConsoleRequest request) {
        Invitation invitation = invitation(request);
        LinkCookie.requireSame(invitation.link().fingerprint(), request.field(LinkCookie.FINGERPRINT));
        NewMember details = invitation.details(request.field("email"), request.field("name"));
        Map<String, String> faults = faults(request, details);
        if (faults.isEmpty()) {
            try {
                MemberSignIn.SignedIn signedIn = members.signUpByLink(
                                invitation.purpose(), invitation.link(), details, request.field("password"))
                        .orElseThrow(() -> new ProblemException(SPENT));
                welcomeCookie.end(request.exchange());
                enter(request, signedIn, "");
                return;
            } catch (MemberExistsException taken) {
                faults.put("email", "There is an account with this e-mail address already. Use another.");
            }
        }
        sendSignUp(request, 422, invitation.form(details.name(), details.email(), passwords.minLength(), faults));
    }

    private Invitation invitation(ConsoleRequest request) {
        return requireInvitation(link(welcomeCookie.read(request.exchange())));
    }

    private Invitation requireInvitation(BearerSecret link) {
        return Optional.<Invitation>empty()
                .or(() -> links.look(Purpose.FIRST_OPERATOR, link)
                        .map(_ -> new Invitation(link, Purpose.FIRST_OPERATOR, Role.OPERATOR, Optional.empty())))
                .or(() -> links.look(Purpose.INVITATION, link).map(subject -> Invitation.of(link, subject)))
                .orElseThrow(() -> new ProblemException(SPENT));
    }

    private void sendSignUp(ConsoleRequest request, int status, MemberForms.SignUp form) {
        if (form.target().action().equals(WELCOME)) {
            request.exchange().with("Referrer-Policy", Pages.STRICT_ORIGIN);
        }
        pages.send(request, status, form.title(), "console/sign-up.jte", form);
    }

    private void arriveToReset(ConsoleRequest request) {
        BearerSecret link = link(request.exchange().lastSegment());
        requireOwner(link);
        resetCookie.exchange(request.exchange(), link.reveal(), RESET);
    }

    private void showReset(ConsoleRequest request) {
        BearerSecret link = link(resetCookie.read(request.exchange()));
        sendReset(request, 200, requireOwner(link), link, Map.of());
    }

    private void reset(ConsoleRequest request) {
        // Looked at first: hashing a password is work that nobody gets for a made-up link.
        BearerSecret link = link(resetCookie.read(request.exchange()));
        Member member = requireOwner(link);
        LinkCookie.requireSame(link.fingerprint(), request.field(LinkCookie.FINGERPRINT));
        Map<String, String> faults = new LinkedHashMap<>();
        addPasswordFaults(faults, request, "password");
        if (!faults.isEmpty()) {
            sendReset(request, 422, member, link, faults);
            return;
        }
        if (!members.resetPassword(link, request.field("password"))) {
            throw new ProblemException(SPENT);
        }
        // Whoever has the link is let in also while others use up the account's attempts.
        rememberDevice(request, member.id());
        resetCookie.end(request.exchange());
        request.exchange().redirect(ConsolePages.SIGN_IN + "?notice=new-password");
    }

    private void sendReset(
            ConsoleRequest request, int status, Member member, BearerSecret link, Map<String, String> faults) {
        request.exchange().with("Referrer-Policy", Pages.STRICT_ORIGIN);
        pages.send(
                request,
                status,
                "Choose a new password",
                "console/new-password.jte",
                new MemberForms.NewPassword(
                        MaskedEmail.of(member.email()), link.fingerprint(), passwords.minLength(), faults));
    }

    /** Whose password a link changes, if it works. */
    private Member requireOwner(BearerSecret link) {
        return members.findByPasswordLink(link).orElseThrow(() -> new ProblemException(SPENT));
    }

    private static BearerSecret link(String text) {
        return BearerSecret.parse(text).orElseThrow(() -> new ProblemException(SPENT));
    }

    /**
     * Where to go on to, or an empty string. Addresses that do something when they are visited are refused: links, which would
     * take the place of the one in the cookie, and {@code .../open}, which tells an app who the member is.
     */
    private static String goOnTo(String wish) {
        String safe = LocalPath.safe(wish);
        String path = safe.isEmpty() ? "" : LocalPath.comparable(safe);
        return path.startsWith(WELCOME) || path.startsWith(RESET) || path.matches(".*/open/?") ? "" : safe;
    }

    private void showAccount(ConsoleRequest request) {
        String notice = switch (request.parameter("notice")) {
            case "password" ->
                "Your password is changed, and every other browser is signed out."
                        + revoked(request.parameter("revoked"));
            case "token-revoked" -> "The access token is revoked. Whatever used it is refused from now on.";
            case "factor-off" -> "The second factor is off. Your password alone signs you in.";
            default -> null;
        };
        sendAccount(request, 200, Map.of(), notice);
    }

    /** How many access tokens ended with the password, in words; nothing where the address has no such number. */
    private static String revoked(String count) {
        return switch (count) {
            case "1" -> " One access token is revoked.";
            case String many when many.matches("[1-9][0-9]?") -> " " + many + " access tokens are revoked.";
            default -> "";
        };
    }

    private void changePassword(ConsoleRequest request) {
        Map<String, String> faults = new LinkedHashMap<>();
        addPasswordFaults(faults, request, "new_password");
        if (!faults.isEmpty()) {
            sendAccount(request, 422, faults, null);
            return;
        }
        Members.PasswordChange change = members.changePassword(
                request.member(),
                request.field("current_password"),
                request.field("new_password"),
                !request.field("revoke_tokens").isEmpty());
        switch (change.signIn()) {
            case MemberSignIn.SignedIn signedIn -> {
                begin(request, signedIn);
                int revoked = change.revokedTokens();
                request.exchange().redirect(ACCOUNT + "?notice=password" + (revoked == 0 ? "" : "&revoked=" + revoked));
            }
            case MemberSignIn.TooManyAttempts tooMany ->
                sendAccount(
                        retryAfter(request, tooMany.retryAfter()),
                        429,
                        Map.of("current_password", wait(tooMany)),
                        null);
            default -> sendAccount(request, 422, Map.of("current_password", NOT_YOURS), null);
        }
    }

    /** Whether the form is confirmed with the member's password; else it is asked for, with what is wrong. */
    private boolean isConfirmed(ConsoleRequest request, Confirmation question) {
        if (!Confirmation.isGiven(request)) {
            pages.ask(request, question.password(FACTOR_PASSWORD, null));
            return false;
        }
        Optional<MemberSignIn> refusal = members.passwordRefusal(request.member(), request.field(FACTOR_PASSWORD));
        refusal.ifPresent(reason ->
                pages.ask(request, status(request, reason), question.password(FACTOR_PASSWORD, fault(reason))));
        return refusal.isEmpty();
    }

    static int status(ConsoleRequest request, MemberSignIn refusal) {
        if (refusal instanceof MemberSignIn.TooManyAttempts tooMany) {
            retryAfter(request, tooMany.retryAfter());
            return 429;
        }
        return 422;
    }

    static String fault(MemberSignIn refusal) {
        return refusal instanceof MemberSignIn.TooManyAttempts tooMany ? wait(tooMany) : NOT_YOURS;
    }

    private void delete(ConsoleRequest request) {
        Confirmation question = Confirmation.irreversible("Delete your account?", "Delete my account", ACCOUNT)
                .about("Name", request.member().name())
                .about("E-mail address", request.member().email())
                .follows("It is gone at once and for good, with its sessions and access tokens.")
                .follows("Whatever uses one of the access tokens is refused from then on.");
        if (!Confirmation.isGiven(request)) {
            pages.ask(request, question.password(DELETE_PASSWORD, null));
            return;
        }
        Members.Deletion outcome = members.delete(request.member(), request.field(DELETE_PASSWORD));
        Map<String, String> faults = switch (outcome) {
            case DELETED -> Map.of();
            case WRONG_PASSWORD -> Map.of(DELETE_PASSWORD, NOT_YOURS);
            case TOO_MANY_ATTEMPTS -> Map.of(DELETE_PASSWORD, "Too many attempts. Try again in a few minutes.");
            case HAS_APPS ->
                Map.of("", "You still have apps, and stores may rely on them. Delete them first, one by one.");
            case LAST_OPERATOR ->
                Map.of("", "You are the only operator. Invite another one first; nobody could run this server.");
        };
        if (faults.isEmpty()) {
            request.exchange().with("Set-Cookie", cookie.end()).redirect(ConsolePages.SIGN_IN + "?notice=deleted");
        } else if (faults.containsKey(DELETE_PASSWORD)) {
            pages.ask(
                    request,
                    outcome == Members.Deletion.TOO_MANY_ATTEMPTS ? 429 : 422,
                    question.password(DELETE_PASSWORD, faults.get(DELETE_PASSWORD)));
        } else {
            sendAccount(request, 422, faults, null);
        }
    }

    private void sendAccount(ConsoleRequest request, int status, Map<String, String> faults, @Nullable String notice) {
        pages.send(
                request,
                status,
                "Your account",
                "console/account.jte",
                new MemberForms.Account(
                        request.member(),
                        passwords.minLength(),
                        secondFactor.recoveryCodesLeft(request.member()),
                        tokens.list(request.member()),
                        faults,
                        notice));
    }

    private void showFactor(ConsoleRequest request) {
        if (request.member().secondFactor()) {
            request.exchange().redirect(ACCOUNT);
            return;
        }
        sendFactor(request, 200, secondFactor.offerAnew(request.member()), Map.of());
    }

    /** Takes the password too: whoever finds a screen unattended must not lock its owner out with a factor of their own. */
    private void confirmFactor(ConsoleRequest request) {
        SecondFactor.Offer offer = secondFactor.offer(request.member());
        Optional<MemberSignIn> refusal = members.passwordRefusal(request.member(), request.field("factor_password"));
        if (refusal.isPresent()) {
            sendFactor(request, status(request, refusal.get()), offer, Map.of("factor_password", fault(refusal.get())));
            return;
        }
        Optional<List<String>> codes = secondFactor.confirm(request.member(), request.field("code"));
        if (codes.isEmpty()) {
            sendFactor(
                    request,
                    422,
                    offer,
                    Map.of(
                            "code",
                            "This code is not the current one. Check the clock of your phone, and try the next code."));
        } else {
            sendRecoveryCodes(request, codes.get());
        }
    }

    private void sendFactor(ConsoleRequest request, int status, SecondFactor.Offer offer, Map<String, String> faults) {
        pages.send(
                request,
                status,
                "Set up a second factor",
                "console/second-factor.jte",
                new MemberForms.Factor(offer, faults));
    }

    private void removeFactor(ConsoleRequest request) {
        if (isConfirmed(
                request,
                Confirmation.irreversible("Turn the second factor off?", "Turn it off", ACCOUNT)
                        .follows("Your password alone signs you in. Whoever learns it has your account.")
                        .follows("The key in your authenticator app and all recovery codes are of no use any more."))) {
            secondFactor.remove(request.member());
            request.exchange().redirect(ACCOUNT + "?notice=factor-off");
        }
    }

    private void renewRecoveryCodes(ConsoleRequest request) {
        if (isConfirmed(
                request,
                Confirmation.irreversible("Make new recovery codes?", "Make new codes", ACCOUNT)
                        .follows("The codes that you have now do not work any more.")
                        .follows("Ten new ones are shown, this once."))) {
            sendRecoveryCodes(request, secondFactor.renewRecoveryCodes(request.member()));
        }
    }

    private void sendRecoveryCodes(ConsoleRequest request, List<String> codes) {
        pages.send(request, 200, "Recovery codes", "console/recovery-codes.jte", new MemberForms.RecoveryCodes(codes));
    }

    private void enter(ConsoleRequest request, MemberSignIn.SignedIn signedIn, String to) {
        endCurrent(request);
        begin(request, signedIn);
        request.exchange().redirect(to.isEmpty() ? home(signedIn.member()) : to);
    }

    private void begin(ConsoleRequest request, MemberSignIn.SignedIn signedIn) {
        request.exchange().withCookie(cookie.begin(signedIn.session(), sessions.absoluteLimit()));
        rememberDevice(request, signedIn.member().id());
    }

    private void rememberDevice(ConsoleRequest request, long memberId) {
        members.rememberDevice(memberId, deviceCookie.read(request.exchange()))
                .ifPresent(value -> deviceCookie.set(request.exchange(), value, KnownDevices.VALIDITY));
    }

    private void endCurrent(ConsoleRequest request) {
        cookie.read(request.exchange().cookies()).ifPresent(sessions::end);
    }

    private Map<String, String> faults(ConsoleRequest request, NewMember details) {
        Map<String, String> faults = details.faults();
        addPasswordFaults(faults, request, "password");
        return faults;
    }

    private void addPasswordFaults(Map<String, String> faults, ConsoleRequest request, String field) {
        passwords.fault(request.field(field)).ifPresent(fault -> faults.put(field, fault));
        if (!request.field(field).equals(request.field(field + "_confirmation"))) {
            faults.put(field + "_confirmation", "Both passwords have to be the same.");
        }
    }

    private static ConsoleRequest retryAfter(ConsoleRequest request, Duration wait) {
        request.exchange().with("Retry-After", Long.toString(wait.toSeconds() + 1));
        return request;
    }

    private static String wait(MemberSignIn.TooManyAttempts tooMany) {
        return tooMany(tooMany.retryAfter());
    }

    private static String tooMany(Duration wait) {
        long minutes = wait.toMinutes() + 1;
        return "Too many attempts. Try again in " + minutes + (minutes == 1 ? " minute." : " minutes.");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
