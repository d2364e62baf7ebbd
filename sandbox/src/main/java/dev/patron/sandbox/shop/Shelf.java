package dev.patron.sandbox.shop;

import dev.patron.sandbox.catalogue.Category;
import dev.patron.sandbox.catalogue.Product;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A page of a category.
 *
 * @param page from 1
 * @param pages how many there are
 */
public record Shelf(Category category, List<Product> products, int page, int pages) {

    private static final int PRODUCTS_PER_PAGE = 20;

    /**
     * The page that is asked for.
     *
     * @param asked the values of the parameter {@code page}; the first page without one
     * @return nothing when there is no such page
     */
    static Optional<Shelf> of(Category category, List<Product> all, List<String> asked) {
        int pages = Math.max(1, (all.size() + PRODUCTS_PER_PAGE - 1) / PRODUCTS_PER_PAGE);
        return IntStream.rangeClosed(1, pages)
                .filter(page -> asked.isEmpty() ? page == 1 : asked.equals(List.of(Integer.toString(page))))
                .mapToObj(page -> new Shelf(
                        category,
                        all.stream()
                                .skip((page - 1L) * PRODUCTS_PER_PAGE)
                                .limit(PRODUCTS_PER_PAGE)
                                .toList(),
                        page,
                        pages))
                .findFirst();
    }

    /** The address of another page. */
    public String path(int other) {
        return category.path() + (other == 1 ? "" : "?page=" + other);
    }
}
