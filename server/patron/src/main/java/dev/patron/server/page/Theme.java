package dev.patron.server.page;

import dev.patron.server.store.Store;
import gg.jte.Content;
import java.util.List;
import java.util.Optional;

/** How the pages of a storefront look: what stands above and below each page, and what it loads. */
public interface Theme {

    /** Nothing but the store's name, and a way to sign in and out. */
    Theme PLAIN = new PlainTheme();

    /** Style sheets beyond {@link Pages#STYLESHEET}, as paths of the storefront. */
    List<String> stylesheets();

    /** ES modules, as paths of the storefront. */
    List<String> scripts();

    /** What stands above each page. */
    Content header(Store store, Optional<Visitor> visitor);

    /** What stands below each page. */
    Content footer(Store store, Optional<Visitor> visitor);
}
