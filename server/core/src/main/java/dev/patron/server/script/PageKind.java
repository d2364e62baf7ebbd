package dev.patron.server.script;

/** The kinds of shop pages. Pages that take passwords, show an account or tell of an error are of none. */
public enum PageKind {

    /** The front page. */
    FRONT("on_front"),

    /** A page with the products of one category. */
    CATEGORY("on_category"),

    /** A page about one product. */
    PRODUCT("on_product");

    private final String column;

    PageKind(String column) {
        this.column = column;
    }

    /** The column of the table {@code script} that says whether a script stands on such pages. */
    String column() {
        return column;
    }
}
