package dev.patron.server.developers;

import dev.patron.server.page.BrowserScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Code to start with, filled in with an app's client id and a store. It holds no secret. */
public enum Snippets {
    /** For the store's page, by {@code patron.js}. */
    PATRON("patron", "patron.js: asks, remembers, sends", true, "patron.html"),
    /** For the store's page, by {@code fetch}. */
    FETCH("fetch", "fetch", true, "fetch.html"),
    /** For the store's page, by {@code XMLHttpRequest}. */
    XHR("xhr", "XMLHttpRequest, for old browsers", true, "xhr.html"),
    /** For a server in Java. */
    JAVA("java", "Java", false, "Verifier.java.txt"),
    /** For a server in Spring. */
    SPRING("spring", "Spring", false, "PointsController.java.txt"),
    /** For a server in JavaScript. */
    NODE("node", "Node, without a library", false, "verify.mjs.txt");

    private static final String CLIENT_ID = "{client_id}";
    private static final String STORE_HASH = "{store_hash}";

    private final String id;
    private final String label;
    private final boolean storefront;
    private final String text;

    Snippets(String id, String label, boolean storefront, String file) {
        this.id = id;
        this.label = label;
        this.storefront = storefront;
        this.text = read(file);
    }

    /** Those for the store's page, or those for the app's server. */
    public static List<Snippets> of(boolean storefront) {
        return Arrays.stream(values())
                .filter(snippet -> snippet.storefront == storefront)
                .toList();
    }

    /** For the markup. */
    public String id() {
        return "snippet-" + id;
    }

    /** What it is written in. */
    public String label() {
        return label;
    }

    /** The code for an app and a store. */
    public String text(String clientId, String storeHash) {
        return text.replace(CLIENT_ID, clientId)
                .replace(STORE_HASH, storeHash)
                .replace("{patron_js}", BrowserScript.versionedPath())
                .replace("{integrity}", BrowserScript.integrity());
    }

    private static String read(String file) {
        try (InputStream stream = Snippets.class.getResourceAsStream("snippets/" + file)) {
            if (stream == null) {
                throw new IllegalStateException("There is no snippet " + file);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
