package dev.patron.sandbox.shop;

import dev.patron.endpoint.Problem;
import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.catalogue.Category;
import dev.patron.sandbox.catalogue.Product;
import dev.patron.server.http.Handler;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.page.PageRequest;
import dev.patron.server.page.Pages;
import dev.patron.server.page.StaticFiles;
import dev.patron.server.script.PageKind;
import gg.jte.Content;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The shop's pages: front page, categories, products, and the files they load. */
public final class Shop {

    static final String STYLESHEET = "/shop.css";
    static final String CARD_STYLESHEET = "/who-am-i.css";
    static final String CARD_SCRIPT = "/who-am-i.js";

    private final Pages pages;
    private final Catalogue catalogue;

    /** The pages of a shop with these products. */
    public Shop(Pages pages, Catalogue catalogue) {
        this.pages = pages;
        this.catalogue = catalogue;
    }

    /** Adds its paths to a listener's. */
    public void addTo(Routes routes) {
        routes.on("GET", STYLESHEET, StaticFiles.of(Shop.class, "shop.css"))
                .on("GET", CARD_STYLESHEET, StaticFiles.of(Shop.class, "who-am-i.css"))
                .on("GET", CARD_SCRIPT, StaticFiles.of(Shop.class, "who-am-i.js"))
                .on("GET", Pages.ICON, StaticFiles.of(Shop.class, "favicon.svg"))
                .on("GET", "/images/front.svg", StaticFiles.of(Shop.class, "images/front.svg"))
                .on("GET", "/images/lost.svg", StaticFiles.of(Shop.class, "images/lost.svg"))
                .on(
                        "GET",
                        "/",
                        page(PageKind.FRONT, "Things worth keeping", "front.jte", Map.of("catalogue", catalogue)));
        for (Category category : catalogue.categories()) {
            routes.on("GET", category.path(), pages.page(request -> sendShelf(request, category)));
        }
        for (Product product : catalogue.products()) {
            routes.on("GET", product.path(), pages.page(request -> sendProduct(request, product)))
                    .on("GET", product.picturePath(), picture(product));
        }
        new Cart(pages, catalogue).addTo(routes);
    }

    private void sendShelf(PageRequest request, Category category) {
        Shelf shelf = Shelf.of(
                        category, catalogue.in(category), request.exchange().query("page"))
                .orElseThrow(() -> new ProblemException(Problem.NO_SUCH_PAGE));
        pages.sendShopPage(
                request,
                PageKind.CATEGORY,
                category.name(),
                ShopTheme.TEMPLATES.show("category.jte", Map.of("shelf", shelf)));
    }

    private void sendProduct(PageRequest request, Product product) {
        pages.sendShopPage(
                request,
                PageKind.PRODUCT,
                product.name(),
                ShopTheme.TEMPLATES.show(
                        "product.jte", Map.of("product", product, "beside", catalogue.beside(product))));
    }

    private static Handler picture(Product product) {
        String drawing = product.drawing();
        return drawing == null
                ? StaticFiles.of(Shop.class, "images/" + product.slug() + ".svg")
                : StaticFiles.of(drawing.getBytes(StandardCharsets.UTF_8), "image/svg+xml");
    }

    private Handler page(PageKind kind, String title, String template, Map<String, Object> parameters) {
        Content content = ShopTheme.TEMPLATES.show(template, parameters);
        return pages.page(request -> pages.sendShopPage(request, kind, title, content));
    }
}
