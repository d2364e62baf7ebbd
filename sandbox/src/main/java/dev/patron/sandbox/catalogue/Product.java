package dev.patron.sandbox.catalogue;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that the demo shop shows.
 *
 * @param id positive, unique in the shop
 * @param slug what the address and the picture's file call it
 * @param cents the price in US cents
 * @param summary one sentence
 * @param description a paragraph or two
 * @param facts what a buyer would ask: size, material, care
 * @param picture what the picture shows, in words
 * @param drawing the picture as SVG, or null where a file has it
 */
public record Product(
        int id,
        String slug,
        String name,
        Category category,
        long cents,
        String summary,
        String description,
        List<Fact> facts,
        String picture,
        @Nullable String drawing) {

    private static final int DECIMALS = 2;

    /** One line of a product's facts. */
    public record Fact(String name, String value) {}

    /** A product whose picture is a file. */
    Product(
            int id,
            String slug,
            String name,
            Category category,
            long cents,
            String summary,
            String description,
            List<Fact> facts,
            String picture) {
        this(id, slug, name, category, cents, summary, description, facts, picture, null);
    }

    /** The address of its page. */
    public String path() {
        return category.path() + slug + "/";
    }

    /** The address of its picture. */
    public String picturePath() {
        return "/images/" + slug + ".svg";
    }

    /** The price as a shopper reads it, such as {@code $1,234.50}. */
    public String price() {
        return price(cents);
    }

    /** A price as a shopper reads it. */
    public static String price(long cents) {
        NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
        format.setCurrency(Currency.getInstance("USD"));
        return format.format(BigDecimal.valueOf(cents, DECIMALS));
    }
}
