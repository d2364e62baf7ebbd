package dev.patron.sandbox.shop;

import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.server.page.Templates;
import dev.patron.server.page.Theme;
import dev.patron.server.page.Visitor;
import dev.patron.server.store.Store;
import gg.jte.Content;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The demo store's look: its header above each page, and the "Who am I?" card below it. */
public final class ShopTheme implements Theme {

    static final Templates TEMPLATES = Templates.in("dev.patron.sandbox.templates", ShopTheme.class.getClassLoader());

    private final Catalogue catalogue;
    private final WhoAmICard card;

    /** The look of a shop with these products, with this card on each page. */
    public ShopTheme(Catalogue catalogue, WhoAmICard card) {
        this.catalogue = catalogue;
        this.card = card;
    }

    @Override
    public List<String> stylesheets() {
        return List.of(Shop.STYLESHEET, Shop.CARD_STYLESHEET);
    }

    @Override
    public List<String> scripts() {
        return List.of(Shop.CARD_SCRIPT);
    }

    @Override
    public Content header(Store store, Optional<Visitor> visitor) {
        return TEMPLATES.show(
                "header.jte",
                Map.of(
                        "storeName", store.name(),
                        "categories", catalogue.categories(),
                        "firstName",
                                visitor.map(of -> of.customer().firstName()).orElse("")));
    }

    @Override
    public Content footer(Store store, Optional<Visitor> visitor) {
        return TEMPLATES.show(
                "footer.jte",
                Map.of(
                        "storeName", store.name(),
                        "categories", catalogue.categories(),
                        "card", card));
    }
}
