package dev.patron.server.page;

import dev.patron.endpoint.Accept;
import dev.patron.endpoint.CurrentCustomerEndpoint;
import dev.patron.endpoint.Problem;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.PageScripts;
import dev.patron.server.script.Scripts;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import gg.jte.Content;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows the pages of a storefront in its theme. Thread-safe. */
public final class Pages {

    /** The path of the style sheet that every page has. */
    public static final String STYLESHEET = "/patron/storefront.css";

    /** The path of the icon that every page has; a storefront may put its own there. */
    public static final String ICON = "/favicon.svg";

    /** The templates of this module. */
    public static final Templates TEMPLATES =
            Templates.in("dev.patron.server.page.templates", Pages.class.getClassLoader());

    private static final String LANGUAGE = "en";
    private static final Content NOTHING = _ -> {};

    /**
     * The {@code Referrer-Policy} of a page whose path nobody else is told. With {@code no-referrer}, a browser would post its
     * form with {@code Origin: null}.
     */
    public static final String STRICT_ORIGIN = "strict-origin";

    private static final String REFERRER_POLICY = "Referrer-Policy";

    private final Stores stores;
    private final Visitors visitors;
    private final Scripts scripts;
    private final Theme theme;

    /** Pages in a theme. */
    public Pages(Stores stores, Visitors visitors, Scripts scripts, Theme theme) {
        this.stores = stores;
        this.visitors = visitors;
        this.scripts = scripts;
        this.theme = theme;
    }

    /** A handler for a page: it finds the store at the host, and who looks at it. */
    public Handler page(PageHandler handler) {
        return exchange -> {
            Store store = store(exchange);
            handler.handle(new PageRequest(exchange, store, visitors.of(exchange, store)));
        };
    }

    /** Answers with a page that has none of the merchant's scripts, and would run no other either. */
    public void send(PageRequest request, int status, String title, Content main) {
        send(request, status, title, ContentSecurity.STRICT, PageScripts.NONE, main);
    }

    /** Answers with a shop page. It has what the merchant's scripts put into pages of its kind. */
    public void sendShopPage(PageRequest request, PageKind kind, String title, Content main) {
        PageScripts shown = scripts.on(request.store().hash(), kind);
        send(request, 200, title, ContentSecurity.MERCHANT, shown, main);
    }

    private void send(
            PageRequest request,
            int status,
            String title,
            ContentSecurity security,
            PageScripts scripts,
            Content main) {
        Store store = request.store();
        Optional<Visitor> visitor = request.visitor();
        List<String> stylesheets = new ArrayList<>(List.of(STYLESHEET));
        stylesheets.addAll(theme.stylesheets());
        Layout layout = new Layout(
                title,
                store.name(),
                LANGUAGE,
                stylesheets,
                scripts(security),
                asItStands(scripts.head()),
                theme.header(store, visitor),
                main,
                theme.footer(store, visitor),
                asItStands(scripts.footer()));
        send(request.exchange(), status, security, TEMPLATES.show("page/layout.jte", "layout", layout));
    }

    /** Pages where people sign in and out say so to what other tabs remember of them. */
    private List<String> scripts(ContentSecurity security) {
        List<String> all = new ArrayList<>(theme.scripts());
        if (security == ContentSecurity.STRICT) {
            all.add(BrowserScript.CHANGED_PATH);
        }
        return all;
    }

    /** Adds the files that every page may load to a listener's paths. */
    public static void addFilesTo(Routes routes) {
        routes.on("GET", STYLESHEET, StaticFiles.of(Pages.class, "storefront.css"))
                .on("GET", ICON, StaticFiles.of(Pages.class, "favicon.svg"));
        BrowserScript.addTo(routes);
    }

    /**
     * Shows a problem: as a page to whoever opens pages, else as JSON. The endpoint's errors are always JSON. A fault of
     * the server, and a host without a store, are shown without a store's look: that needs no storage.
     */
    public void sendProblem(Exchange exchange, Problem problem) {
        exchange.withHeaderOf(problem);
        if (!Accept.wantsHtml(exchange.header("Accept")) || exchange.rawPath().equals(CurrentCustomerEndpoint.PATH)) {
            exchange.sendJson(problem.status(), problem.toErrorsJson());
            return;
        }
        Content message = TEMPLATES.show("page/message.jte", "problem", problem);
        if (problem.status() < 500) {
            try {
                Store store = store(exchange);
                PageRequest request = new PageRequest(exchange, store, visitors.of(exchange, store));
                send(request, problem.status(), problem.title(), message);
                return;
            } catch (ProblemException | StorageUnavailableException withoutStore) {
                // There is no store to look like.
            }
        }
        Layout plain = new Layout(
                problem.title(),
                "",
                LANGUAGE,
                List.of(STYLESHEET),
                List.of(),
                NOTHING,
                NOTHING,
                message,
                NOTHING,
                NOTHING);
        send(exchange, problem.status(), ContentSecurity.STRICT, TEMPLATES.show("page/layout.jte", "layout", plain));
    }

    /** Answers with an HTML document of whatever listener, with the headers that every one has. */
    public static void send(Exchange exchange, int status, ContentSecurity security, Content document) {
        send(exchange, status, security.policy(), document);
    }

    /** Answers with an HTML document under a policy that {@link ContentSecurity} has made. */
    public static void send(Exchange exchange, int status, String policy, Content document) {
        if (!exchange.answerHeader(REFERRER_POLICY).equals(Optional.of(STRICT_ORIGIN))) {
            exchange.with(REFERRER_POLICY, "same-origin");
        }
        exchange.with("Content-Security-Policy", policy)
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .send(status, "text/html; charset=utf-8", bytes(document));
    }

    private Store store(Exchange exchange) {
        return stores.atHost(Stores.hostOf(exchange.authority()))
                .orElseThrow(() -> new ProblemException(Problem.NO_SUCH_STORE));
    }

    /** HTML that is not escaped: the merchant's own, on the merchant's own pages. */
    private static Content asItStands(List<String> html) {
        return output -> html.forEach(contents -> output.writeContent(contents + "\n"));
    }

    private static byte[] bytes(Content content) {
        Utf8ByteOutput output = new Utf8ByteOutput();
        content.writeTo(output);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(output.getContentLength());
        try {
            output.writeTo(bytes::write);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
