package dev.patron.sandbox.catalogue;

import java.util.List;

/** What things are made of, and the finishes in which they come. */
enum Material {
    WOOD(
            "wax",
            List.of(
                    new Finish("Ash", "#e3c08c", "#b98a52"),
                    new Finish("Alder", "#cf8a58", "#8b4a26"),
                    new Finish("Walnut", "#86603f", "#4c3320"),
                    new Finish("Smoked oak", "#6b5b4b", "#3a3027"))),
    CLAY(
            "a damp cloth",
            List.of(
                    new Finish("Cream", "#f3e8d3", "#c9b591"),
                    new Finish("Slate", "#7d8891", "#4a545c"),
                    new Finish("Sage", "#a9b99a", "#6f8163"),
                    new Finish("Rust", "#c9744f", "#8a4428"))),
    IRON(
            "a drop of oil",
            List.of(
                    new Finish("Black", "#4a4a4c", "#1f1f22"),
                    new Finish("Forest green", "#3f6b57", "#234236"),
                    new Finish("Brass", "#d8b45c", "#96752a"),
                    new Finish("Raw steel", "#b4bcc2", "#737d85"))),
    CLOTH(
            "a wash at 40 °C",
            List.of(
                    new Finish("Flax", "#e6d9be", "#b9a57d"),
                    new Finish("Madder", "#bf5f4a", "#86382a"),
                    new Finish("Indigo", "#4f6890", "#2d4064"),
                    new Finish("Moss", "#7f8a5a", "#525b36")));

    /** A colour, with its shade. */
    record Finish(String name, String colour, String shade) {}

    private final String care;

    @SuppressWarnings("ImmutableEnumChecker") // It is made by List.of.
    private final List<Finish> finishes;

    Material(String care, List<Finish> finishes) {
        this.care = care;
        this.finishes = finishes;
    }

    /** What keeps it well. */
    String care() {
        return care;
    }

    List<Finish> finishes() {
        return finishes;
    }

    /** The word for it in a sentence. */
    String word() {
        return switch (this) {
            case WOOD -> "wood";
            case CLAY -> "stoneware";
            case IRON -> "metal";
            case CLOTH -> "linen and cotton";
        };
    }
}
