package dev.patron.sandbox.shop;

import dev.patron.sandbox.catalogue.Product;
import java.util.Map;

/**
 * What is in a cart.
 *
 * @param lines how many pieces of what
 */
public record CartLines(Map<Product, Integer> lines) {

    /** What all of it costs, as a shopper reads it. */
    public String total() {
        return Product.price(lines.entrySet().stream()
                .mapToLong(line -> line.getKey().cents() * line.getValue())
                .sum());
    }
}
