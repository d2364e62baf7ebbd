package dev.patron.server.page;

import gg.jte.Content;
import java.util.List;

/**
 * A whole HTML document.
 *
 * @param title the page's title, without the store's name
 * @param storeName the store's name, empty on a page of no store
 * @param language the language of its text, as BCP 47 has it
 * @param stylesheets paths of style sheets, in order
 * @param scripts paths of ES modules, in order
 * @param headEnd what a merchant's scripts put at the end of the {@code head} element
 * @param bodyEnd what they put at the end of the {@code body} element
 */
public record Layout(
        String title,
        String storeName,
        String language,
        List<String> stylesheets,
        List<String> scripts,
        Content headEnd,
        Content header,
        Content main,
        Content footer,
        Content bodyEnd) {}
