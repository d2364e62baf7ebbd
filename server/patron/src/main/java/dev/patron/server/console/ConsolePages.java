package dev.patron.server.console;

import dev.patron.endpoint.Accept;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.RequestOrigin;
import dev.patron.server.app.App;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.http.ProblemException;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.member.Role;
import dev.patron.server.options.Options;
import dev.patron.server.page.ContentSecurity;
import dev.patron.server.page.Pages;
import dev.patron.server.storage.StorageUnavailableException;
import gg.jte.Content;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Shows the pages of the console: who is signed in, the frame, problems as pages. Every form is refused that does not come
 * from the console's own pages, signing in included. Thread-safe.
 */
public final class ConsolePages {

    /** The path of the style sheet, beside the one that storefronts have too. */
    public static final String STYLESHEET = "/patron/console.css";

    /** The path of the script: copying, and ages that tick. Every page works without it. */
    public static final String SCRIPT = "/patron/console.js";

    static final String SIGN_IN = "/sign-in";

    private static final Problem SIGNED_OUT = new Problem(
            403,
            "signed_out",
            "You are signed out, and nothing was changed",
            "Sign in in another tab, then go back and send the form again: what you typed is still there.");

    private static final Problem CROSS_SITE = new Problem(
            403,
            "cross_site",
            "This did not come from a page of the console",
            "Nothing was changed. Open the console itself, and send the form from there.");

    /** A room that is not the server's own. */
    private record Room(ConsoleLayout.Link link, Set<Role> roles) {}

    private final List<Room> rooms = new CopyOnWriteArrayList<>();
    private final Members members;
    private final ConsoleCookie cookie;
    private final String scheme;

    ConsolePages(Members members, ConsoleCookie cookie, Options options) {
        this.members = members;
        this.cookie = cookie;
        this.scheme = options.get(Options.CONSOLE_HTTPS) ? "https" : "http";
    }

    /** Adds a room to those that members of some roles can go to. */
    public void addRoom(String path, String label, Set<Role> roles) {
        rooms.add(new Room(new ConsoleLayout.Link(path, label, false), Set.copyOf(roles)));
    }

    /** A handler for a page that everybody gets to. */
    public Handler open(ConsoleHandler handler) {
        return exchange -> {
            requireOwn(exchange);
            handler.handle(request(exchange));
        };
    }

    /** A handler for a page that only members get to; others sign in first. */
    public Handler member(ConsoleHandler handler) {
        return exchange -> {
            requireOwn(exchange);
            ConsoleRequest request = request(exchange);
            if (request.visitor().isPresent()) {
                handler.handle(request);
            } else if (exchange.method().equals("POST")) {
                throw new ProblemException(SIGNED_OUT);
            } else {
                exchange.redirect(SIGN_IN + "?to=" + URLEncoder.encode(exchange.rawPath(), StandardCharsets.UTF_8));
            }
        };
    }

    /** Answers with a page from a template with one parameter, {@code page}. */
    public void send(ConsoleRequest request, int status, String title, String template, Object page) {
        send(request, status, title, Pages.TEMPLATES.show(template, "page", page));
    }

    /** Answers with a page. */
    public void send(ConsoleRequest request, int status, String title, Content main) {
        send(request, status, title, ContentSecurity.STRICT.policy(), main);
    }

    /** Asks before something is done: 200, or 422 when what was typed is wrong. The form goes where the request went. */
    public void ask(ConsoleRequest request, Confirmation question) {
        ask(request, question.faults().isEmpty() ? 200 : 422, question);
    }

    /** The same with another status. */
    public void ask(ConsoleRequest request, int status, Confirmation question) {
        send(
                request,
                status,
                question.words().question(),
                Pages.TEMPLATES.show(
                        "console/confirmation.jte",
                        Map.of("page", question, "action", request.exchange().rawPath())));
    }

    /**
     * Answers with a page whose form leads to another origin in the end: the browser goes on there, but loads nothing from there.
     *
     * @param origin such as {@code https://app.example}
     */
    public void sendFormTo(ConsoleRequest request, String origin, int status, String title, Content main) {
        send(request, status, title, ContentSecurity.strictWithFormTo(origin), main);
    }

    private void send(ConsoleRequest request, int status, String title, String security, Content main) {
        String path = request.exchange().rawPath();
        ConsoleLayout layout = new ConsoleLayout(
                status == 422 ? "Error: " + title : title, request.visitor(), links(request.visitor(), path), main);
        Pages.send(request.exchange(), status, security, Pages.TEMPLATES.show("console/layout.jte", "layout", layout));
    }

    /** Whose app it is, for those who decide about it. */
    public String owner(App app) {
        return app.ownerId()
                .map(id -> members.find(id).map(Member::name).orElse("A member who is gone"))
                .orElse("The operators of this server");
    }

    /** The address of a page of the console, as who asks reached it: for a link to hand on. */
    public String url(ConsoleRequest request, String path) {
        return scheme + "://" + request.exchange().authority() + path;
    }

    /** Shows a problem: as a page to whoever opens pages, else as RFC 9457 has it, as all of the API is. */
    public void sendProblem(Exchange exchange, Problem problem) {
        exchange.withHeaderOf(problem);
        if (Accept.wantsHtml(exchange.header("Accept")) && !exchange.rawPath().startsWith("/api/")) {
            send(visible(exchange), problem.status(), problem.title(), "console/problem.jte", problem);
        } else {
            exchange.send(problem.status(), "application/problem+json", ProblemJson.write(problem));
        }
    }

    /** Who sees a problem; nobody in particular while storage is away. */
    private ConsoleRequest visible(Exchange exchange) {
        try {
            return request(exchange);
        } catch (StorageUnavailableException away) {
            return new ConsoleRequest(exchange, Optional.empty());
        }
    }

    private ConsoleRequest request(Exchange exchange) {
        return new ConsoleRequest(exchange, cookie.read(exchange.cookies()).flatMap(members::signedIn));
    }

    /** Only browsers have business here, and each says where a form comes from: silence is refused too. */
    private void requireOwn(Exchange exchange) {
        if (exchange.method().equals("GET") || exchange.method().equals("HEAD")) {
            return;
        }
        RequestOrigin origin = exchange.origin();
        if (!origin.isOwn(exchange.authority(), scheme) || origin.isUnknown()) {
            throw new ProblemException(CROSS_SITE);
        }
    }

    private List<ConsoleLayout.Link> links(Optional<Member> visitor, String path) {
        List<ConsoleLayout.Link> links = new ArrayList<>();
        visitor.map(Member::role).ifPresent(role -> {
            switch (role) {
                case OPERATOR -> {
                    links.add(link("/panel", "Stores", path));
                    links.add(link("/developers", "Apps", path));
                    links.add(link("/inspector", "Token inspector", path));
                    links.add(link("/members", "Members", path));
                }
                case STAFF -> links.add(link("/panel", "Store", path));
                case DEVELOPER -> {
                    links.add(link("/developers", "Apps", path));
                    links.add(link("/inspector", "Token inspector", path));
                }
            }
            rooms.stream()
                    .filter(room -> room.roles().contains(role))
                    .map(room -> link(room.link().path(), room.link().label(), path))
                    .forEach(links::add);
        });
        return links;
    }

    private static ConsoleLayout.Link link(String room, String label, String path) {
        return new ConsoleLayout.Link(room, label, path.equals(room) || path.startsWith(room + "/"));
    }
}
