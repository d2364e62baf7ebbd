package dev.patron.server.panel;

import java.util.Optional;

/**
 * A one-time link, shown this once. {@link #toString()} does not tell it.
 *
 * @param room the store that it is about, if it is about one
 * @param title what it is for
 * @param lead what to do with it
 * @param url the link
 * @param back where to go on to
 */
public record LinkView(
        Optional<StoreRoom> room, PanelTab tab, String title, String lead, String url, String validity, String back) {

    @Override
    public String toString() {
        return "LinkView[***]";
    }
}
