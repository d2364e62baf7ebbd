package dev.patron.sandbox;

import dev.patron.server.http.Handler;
import dev.patron.server.http.Routes;
import dev.patron.server.page.ContentSecurity;
import dev.patron.server.page.PageHandler;
import dev.patron.server.page.Pages;
import dev.patron.server.page.StaticFiles;
import gg.jte.Content;
import java.util.Map;

/** The shop's pages: front page, categories, products, and the files they load. */
final class Shop {

    static final String STYLESHEET = "/shop.css";
    static final String CARD_STYLESHEET = "/who-am-i.css";
    static final String CARD_SCRIPT = "/who-am-i.js";

    private final Pages pages;
    private final Catalogue catalogue;
    private final FooterScript footerScript;

    Shop(Pages pages, Catalogue catalogue, FooterScript footerScript) {
        this.pages = pages;
        this.catalogue = catalogue;
        this.footerScript = footerScript;
    }

    void addTo(Routes routes) {
        routes.on("GET", STYLESHEET, StaticFiles.of(Shop.class, "shop.css"))
                .on("GET", CARD_STYLESHEET, StaticFiles.of(Shop.class, "who-am-i.css"))
                .on("GET", CARD_SCRIPT, StaticFiles.of(Shop.class, "who-am-i.js"))
                .on("GET", Pages.ICON, StaticFiles.of(Shop.class, "favicon.svg"))
                .on("GET", "/images/front.svg", StaticFiles.of(Shop.class, "images/front.svg"))
                .on("GET", "/images/lost.svg", StaticFiles.of(Shop.class, "images/lost.svg"))
                .on("GET", "/", page("Things worth keeping", "front.jte", Map.of("catalogue", catalogue)));
        for (Category category : catalogue.categories()) {
            Map<String, Object> shelf = Map.of("category", category, "products", catalogue.in(category));
            routes.on("GET", category.path(), page(category.name(), "category.jte", shelf));
        }
        for (Product product : catalogue.products()) {
            Map<String, Object> shown = Map.of("product", product, "beside", catalogue.beside(product));
            routes.on("GET", product.path(), page(product.name(), "product.jte", shown))
                    .on("GET", product.picturePath(), StaticFiles.of(Shop.class, "images/" + product.slug() + ".svg"));
        }
    }

    /** A shop page: whatever a merchant puts below it runs there, so its content security policy is the shop's. */
    private Handler page(String title, String template, Map<String, Object> parameters) {
        Content content = ShopTheme.TEMPLATES.show(template, parameters);
        PageHandler handler = request -> pages.send(request, 200, title, ContentSecurity.MERCHANT, output -> {
            content.writeTo(output);
            // The merchant's own file, as it stands: they may put any script there.
            output.writeContent(footerScript.html());
        });
        return pages.page(handler);
    }
}
