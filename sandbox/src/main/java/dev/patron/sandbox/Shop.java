package dev.patron.sandbox;

import dev.patron.server.http.Handler;
import dev.patron.server.http.Routes;
import dev.patron.server.page.Pages;
import dev.patron.server.page.StaticFiles;
import dev.patron.server.script.PageKind;
import gg.jte.Content;
import java.util.Map;

/** The shop's pages: front page, categories, products, and the files they load. */
final class Shop {

    static final String STYLESHEET = "/shop.css";
    static final String CARD_STYLESHEET = "/who-am-i.css";
    static final String CARD_SCRIPT = "/who-am-i.js";

    private final Pages pages;
    private final Catalogue catalogue;

    Shop(Pages pages, Catalogue catalogue) {
        this.pages = pages;
        this.catalogue = catalogue;
    }

    void addTo(Routes routes) {
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
            Map<String, Object> shelf = Map.of("category", category, "products", catalogue.in(category));
            routes.on("GET", category.path(), page(PageKind.CATEGORY, category.name(), "category.jte", shelf));
        }
        for (Product product : catalogue.products()) {
            Map<String, Object> shown = Map.of("product", product, "beside", catalogue.beside(product));
            routes.on("GET", product.path(), page(PageKind.PRODUCT, product.name(), "product.jte", shown))
                    .on("GET", product.picturePath(), StaticFiles.of(Shop.class, "images/" + product.slug() + ".svg"));
        }
    }

    private Handler page(PageKind kind, String title, String template, Map<String, Object> parameters) {
        Content content = ShopTheme.TEMPLATES.show(template, parameters);
        return pages.page(request -> pages.sendShopPage(request, kind, title, content));
    }
}
