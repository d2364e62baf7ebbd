package dev.patron.sandbox.catalogue;

import dev.patron.sandbox.catalogue.Material.Finish;
import dev.patron.sandbox.catalogue.Product.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Plain things, each in the four finishes of its material: enough of them that lists have pages. They are the same on every
 * machine, so that tests can name them.
 */
final class Variations {

    private static final int FIRST_ID = 1000;
    private static final int IDS_PER_CATEGORY = 100;

    /** What a further finish adds to the price. */
    private static final long FINISH_CENTS = 150;

    private record Thing(String name, Material material, Shape shape, long cents, String use) {}

    private static final List<List<Thing>> THINGS = List.of(
            List.of(
                    new Thing("spoon rest", Material.CLAY, Shape.TRAY, 1600, "Keeps the sauce off the stove."),
                    new Thing("mixing bowl", Material.CLAY, Shape.BASIN, 4200, "Deep enough for a double batch."),
                    new Thing(
                            "rolling pin",
                            Material.WOOD,
                            Shape.ROLLER,
                            2900,
                            "Heavy, and without handles to work loose."),
                    new Thing("storage jar", Material.CLAY, Shape.JAR, 3200, "Holds a kilo of flour and keeps it dry."),
                    new Thing("trivet", Material.IRON, Shape.DISK, 1900, "Carries the hottest pot."),
                    new Thing("serving board", Material.WOOD, Shape.PLANK, 3600, "Goes from the counter to the table."),
                    new Thing("stirring spoon", Material.WOOD, Shape.SPOON, 1400, "Reaches into the corners of a pan."),
                    new Thing("tea towel", Material.CLOTH, Shape.FOLDED, 1500, "Dries a whole evening’s glasses."),
                    new Thing("salt cellar", Material.WOOD, Shape.CHEST, 2400, "Opens with one thumb."),
                    new Thing("colander", Material.IRON, Shape.BASIN, 3800, "Stands in the sink by itself."),
                    new Thing("apron", Material.CLOTH, Shape.FOLDED, 4400, "With a pocket for the spoon."),
                    new Thing("oil bottle", Material.CLAY, Shape.BOTTLE, 2700, "Pours a thread, and stops."),
                    new Thing("bread box", Material.WOOD, Shape.CHEST, 6800, "A loaf stays fresh for four days."),
                    new Thing("ladle", Material.IRON, Shape.SPOON, 2200, "One bowl of soup at a time.")),
            List.of(
                    new Thing(
                            "dinner plate",
                            Material.CLAY,
                            Shape.DISK,
                            2300,
                            "Wide, with a rim that keeps the sauce in."),
                    new Thing("soup bowl", Material.CLAY, Shape.BASIN, 2100, "Warm in both hands."),
                    new Thing("jug", Material.CLAY, Shape.BOTTLE, 3900, "A litre of water, or of flowers."),
                    new Thing("table runner", Material.CLOTH, Shape.FOLDED, 5200, "For a table of eight."),
                    new Thing("coaster set", Material.WOOD, Shape.DISK, 1800, "Six of them, with felt below."),
                    new Thing("serving tray", Material.WOOD, Shape.TRAY, 5600, "Breakfast for two, in one go."),
                    new Thing("butter dish", Material.CLAY, Shape.CHEST, 3100, "Soft in the morning, cool at noon."),
                    new Thing("egg cup", Material.WOOD, Shape.BEAKER, 900, "Turned from an offcut."),
                    new Thing(
                            "espresso cup",
                            Material.CLAY,
                            Shape.BEAKER,
                            1500,
                            "Thick, so that it stays hot to the last sip."),
                    new Thing("table lantern", Material.IRON, Shape.LANTERN, 4900, "For one candle and a long talk."),
                    new Thing("place mat", Material.CLOTH, Shape.FOLDED, 1700, "Woven double."),
                    new Thing("cheese platter", Material.WOOD, Shape.DISK, 4700, "Turns, so that nobody has to reach."),
                    new Thing("vase", Material.CLAY, Shape.BOTTLE, 4300, "Narrow at the neck: three stems are enough."),
                    new Thing("salad servers", Material.WOOD, Shape.SPOON, 2600, "A pair that nests.")),
            List.of(
                    new Thing("letter tray", Material.WOOD, Shape.TRAY, 4600, "What has to be answered, in one place."),
                    new Thing("pen tray", Material.WOOD, Shape.TRAY, 2800, "Long enough for a ruler."),
                    new Thing("book end", Material.IRON, Shape.CHEST, 2500, "Holds a metre of books."),
                    new Thing("paperweight", Material.IRON, Shape.DISK, 1900, "For the desk by the window."),
                    new Thing("sketchbook", Material.CLOTH, Shape.BOOK, 2100, "Takes pencil and a light wash."),
                    new Thing("address book", Material.CLOTH, Shape.BOOK, 1700, "For those whom you still write to."),
                    new Thing("reading lamp", Material.IRON, Shape.LANTERN, 9800, "Lights the page and nothing else."),
                    new Thing("card box", Material.WOOD, Shape.CHEST, 3300, "Four hundred cards, in order."),
                    new Thing("ruler", Material.WOOD, Shape.PLANK, 1200, "Thirty centimetres, burnt in, not printed."),
                    new Thing("desk mat", Material.CLOTH, Shape.FOLDED, 4100, "Quiet under the hand."),
                    new Thing("brush pot", Material.CLAY, Shape.BEAKER, 2200, "Heavy enough not to tip."),
                    new Thing("ink bottle", Material.CLAY, Shape.BOTTLE, 1900, "With a cork that fits."),
                    new Thing("letter opener", Material.IRON, Shape.SPOON, 1600, "Opens paper and nothing else."),
                    new Thing("guest book", Material.CLOTH, Shape.BOOK, 3400, "Two hundred pages of thanks.")),
            List.of(
                    new Thing("plant pot", Material.CLAY, Shape.BEAKER, 1800, "With a hole where it has to be."),
                    new Thing("seed box", Material.WOOD, Shape.CHEST, 3900, "A drawer for each month."),
                    new Thing("dibber", Material.WOOD, Shape.ROLLER, 1300, "Marked for tulips and for crocuses."),
                    new Thing("garden fork", Material.IRON, Shape.SPOON, 3100, "Four tines that do not bend."),
                    new Thing("planter", Material.WOOD, Shape.CHEST, 7200, "Lined, and lifted off the ground."),
                    new Thing("twine jar", Material.CLAY, Shape.JAR, 2600, "The end is always on top."),
                    new Thing("plant saucer", Material.CLAY, Shape.DISK, 900, "Keeps the sill dry."),
                    new Thing("kneeling mat", Material.CLOTH, Shape.FOLDED, 2900, "Filled with cork."),
                    new Thing("storm lantern", Material.IRON, Shape.LANTERN, 5300, "Burns through a windy night."),
                    new Thing("herb trough", Material.CLAY, Shape.TRAY, 3700, "Room for thyme, sage and chives."),
                    new Thing("weeding knife", Material.IRON, Shape.SPOON, 2400, "Goes between the stones."),
                    new Thing("garden journal", Material.CLOTH, Shape.BOOK, 2000, "What bloomed when, for ten years."),
                    new Thing("bird bath", Material.CLAY, Shape.BASIN, 6100, "Shallow at the edge."),
                    new Thing("rain jug", Material.IRON, Shape.BOTTLE, 4500, "For the pots under the eaves.")));

    private Variations() {}

    /** All of them, category by category. */
    static List<Product> of(List<Category> categories) {
        List<Product> all = new ArrayList<>();
        for (int category = 0; category < categories.size(); category++) {
            int id = FIRST_ID + category * IDS_PER_CATEGORY;
            for (Thing thing : THINGS.get(category)) {
                List<Finish> finishes = thing.material().finishes();
                for (int finish = 0; finish < finishes.size(); finish++) {
                    all.add(product(
                            id++, categories.get(category), thing, finishes.get(finish), FINISH_CENTS * finish));
                }
            }
        }
        return List.copyOf(all);
    }

    private static Product product(int id, Category category, Thing thing, Finish finish, long extra) {
        String name = finish.name() + " " + thing.name();
        return new Product(
                id,
                name.toLowerCase(Locale.ROOT).replace(' ', '-'),
                name,
                category,
                thing.cents() + extra,
                thing.use(),
                thing.use() + " Made of " + thing.material().word() + ", in "
                        + finish.name().toLowerCase(Locale.ROOT) + ", and meant to be used every day.",
                List.of(
                        new Fact("Material", capital(thing.material().word())),
                        new Fact("Finish", finish.name()),
                        new Fact("Care", capital(thing.material().care()))),
                capital(article(finish.name()) + " " + name.toLowerCase(Locale.ROOT)) + " before a plain wall",
                thing.shape().picture(finish));
    }

    private static String article(String word) {
        return "AEIOU".indexOf(word.charAt(0)) >= 0 ? "an" : "a";
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
