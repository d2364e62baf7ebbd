package dev.patron.sandbox.shop;

import dev.patron.endpoint.Problem;
import dev.patron.endpoint.RequestOrigin;
import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.catalogue.Product;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.page.PageRequest;
import dev.patron.server.page.Pages;
import dev.patron.server.script.PageKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code /cart.php}: what a visitor would buy. The cookie has all of it, and nothing confidential; as on the platform, a link
 * with {@code action=add} and {@code product_id} adds something. Where a browser says that no page of the store leads there, it
 * asks first.
 */
final class Cart {

    private static final String PATH = "/cart.php";
    private static final String COOKIE = "SANDBOX_CART";
    private static final Pattern LINE = Pattern.compile("(\\d{1,6})x(\\d{1,2})");
    private static final int MOST_LINES = 30;
    private static final int MOST_OF_ONE = 99;

    private final Pages pages;
    private final Catalogue catalogue;

    Cart(Pages pages, Catalogue catalogue) {
        this.pages = pages;
        this.catalogue = catalogue;
    }

    void addTo(Routes routes) {
        routes.on("GET", PATH, pages.page(this::show)).on("POST", PATH, pages.page(this::change));
    }

    private void show(PageRequest request) {
        Exchange exchange = request.exchange();
        if (adds(exchange)) {
            Product product = product(exchange);
            RequestOrigin origin = exchange.origin();
            if (origin.site() == null || origin.isSameOrigin()) {
                add(exchange, product);
            } else {
                pages.sendShopPage(
                        request,
                        PageKind.CATEGORY,
                        "Add to cart",
                        ShopTheme.TEMPLATES.show("add-to-cart.jte", Map.of("product", product)));
            }
            return;
        }
        pages.sendShopPage(
                request,
                PageKind.CATEGORY,
                "Cart",
                ShopTheme.TEMPLATES.show("cart.jte", Map.of("cart", new CartLines(lines(exchange)))));
    }

    private static boolean adds(Exchange exchange) {
        return exchange.query("action").equals(List.of("add"));
    }

    private Product product(Exchange exchange) {
        return Optional.of(exchange.query("product_id"))
                .filter(ids -> ids.size() == 1 && ids.getFirst().matches("[0-9]{1,6}"))
                .flatMap(ids -> catalogue.find(Long.parseLong(ids.getFirst())))
                .orElseThrow(() -> new ProblemException(new Problem(
                        404,
                        "no_such_product",
                        "The shop has no such product",
                        "product_id must be the number of one of its products.")));
    }

    private void add(Exchange exchange, Product product) {
        Map<Product, Integer> lines = lines(exchange);
        if (lines.size() < MOST_LINES || lines.containsKey(product)) {
            lines.merge(product, 1, (one, more) -> Math.min(MOST_OF_ONE, one + more));
        }
        keep(exchange, lines);
        exchange.redirect(PATH);
    }

    private void change(PageRequest request) {
        request.requireOwnOrigin();
        if (adds(request.exchange())) {
            add(request.exchange(), product(request.exchange()));
            return;
        }
        keep(request.exchange(), Map.of());
        request.exchange().redirect(PATH);
    }

    private Map<Product, Integer> lines(Exchange exchange) {
        Map<Product, Integer> lines = new LinkedHashMap<>();
        for (String cookie : exchange.cookies().split("; *", -1)) {
            if (cookie.startsWith(COOKIE + "=")) {
                for (String part : cookie.substring(COOKIE.length() + 1).split("-", -1)) {
                    Matcher line = LINE.matcher(part);
                    if (line.matches() && lines.size() < MOST_LINES) {
                        catalogue
                                .find(Long.parseLong(line.group(1)))
                                .ifPresent(product -> lines.put(product, Integer.valueOf(line.group(2))));
                    }
                }
            }
        }
        return lines;
    }

    private static void keep(Exchange exchange, Map<Product, Integer> lines) {
        String value = lines.entrySet().stream()
                .map(line -> line.getKey().id() + "x" + line.getValue())
                .collect(Collectors.joining("-"));
        exchange.with(
                "Set-Cookie",
                COOKIE + "=" + value + "; Path=" + PATH + "; HttpOnly; SameSite=Lax"
                        + (lines.isEmpty() ? "; Max-Age=0" : ""));
    }
}
