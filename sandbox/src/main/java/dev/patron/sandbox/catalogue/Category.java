package dev.patron.sandbox.catalogue;

/**
 * A shelf of the demo shop.
 *
 * @param slug what the address calls it
 * @param summary one sentence
 */
public record Category(String slug, String name, String summary) {

    /** The address of its page. */
    public String path() {
        return "/" + slug + "/";
    }
}
