package dev.patron.server.page;

import dev.patron.server.store.Store;
import gg.jte.Content;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The theme of a storefront that has none of its own. */
final class PlainTheme implements Theme {

    @Override
    public List<String> stylesheets() {
        return List.of();
    }

    @Override
    public List<String> scripts() {
        return List.of();
    }

    @Override
    public Content header(Store store, Optional<Visitor> visitor) {
        return Pages.TEMPLATES.show(
                "page/header.jte", Map.of("storeName", store.name(), "signedIn", visitor.isPresent()));
    }

    @Override
    public Content footer(Store store, Optional<Visitor> visitor) {
        return Pages.TEMPLATES.show("page/footer.jte", "storeName", store.name());
    }
}
