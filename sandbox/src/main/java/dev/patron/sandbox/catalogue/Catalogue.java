package dev.patron.sandbox.catalogue;

import dev.patron.sandbox.catalogue.Product.Fact;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Everything the demo shop shows: some products drawn by hand, and many variations of plain things. It never changes. */
public final class Catalogue {

    private static final Category KITCHEN =
            new Category("kitchen", "Kitchen", "Boards, pans and mills that get better with every meal.");
    private static final Category TABLE =
            new Category("table", "Table", "Stoneware, linen and light for long evenings.");
    private static final Category DESK = new Category("desk", "Desk", "Quiet tools for thinking and making.");
    private static final Category GARDEN =
            new Category("garden", "Garden", "Steel, ash and clay for people who grow things.");

    private static final List<Category> CATEGORIES = List.of(KITCHEN, TABLE, DESK, GARDEN);

    private static final List<Product> DRAWN = List.of(
            new Product(
                    101,
                    "ash-chopping-board",
                    "Ash chopping board",
                    KITCHEN,
                    4800,
                    "One thick plank with a handle you can hang it by.",
                    "Cut from a single plank of ash, so there is no glue to fail. Both sides are flat: keep one for bread"
                            + " and one for onions. The grain closes up after a few coats of oil.",
                    List.of(
                            new Fact("Size", "42 × 22 × 2.4 cm"),
                            new Fact("Material", "Ash, linseed oil"),
                            new Fact("Care", "Wash by hand, oil now and then")),
                    "A wooden board with a round handle, half a lemon lying on it"),
            new Product(
                    102,
                    "enamel-kettle",
                    "Enamel kettle",
                    KITCHEN,
                    6450,
                    "Boils a litre and a half on any stove, and whistles when it is done.",
                    "Two coats of enamel over heavy steel. The handle is alder and stays cool enough to grip. Works on gas,"
                            + " induction and the camp fire.",
                    List.of(
                            new Fact("Holds", "1.5 litres"),
                            new Fact("Material", "Enamelled steel, alder"),
                            new Fact("Stoves", "Gas, induction, electric")),
                    "A green enamel kettle with a wooden handle, steam rising from its spout"),
            new Product(
                    103,
                    "cast-iron-skillet",
                    "Cast-iron skillet",
                    KITCHEN,
                    5900,
                    "Heavy, even, and seasoned before it leaves us.",
                    "Poured in sand, ground smooth and baked three times with flaxseed oil. It weighs what a skillet should"
                            + " weigh, and it will fry your grandchildren’s eggs.",
                    List.of(
                            new Fact("Size", "26 cm across, 2.3 kg"),
                            new Fact("Material", "Cast iron"),
                            new Fact("Care", "Hot water and a brush, no soap")),
                    "A black iron skillet seen from above with a fried egg in it"),
            new Product(
                    104,
                    "alder-pepper-mill",
                    "Alder pepper mill",
                    KITCHEN,
                    3900,
                    "Turned on a lathe, with a ceramic grinder that does not wear.",
                    "The body is one piece of alder, turned and waxed. Loosen the brass knob for coarse pepper, tighten it"
                            + " for fine.",
                    List.of(
                            new Fact("Size", "22 cm tall"),
                            new Fact("Material", "Alder, brass, ceramic"),
                            new Fact("Care", "Wipe with a dry cloth")),
                    "A tall turned pepper mill with a brass knob and a few peppercorns"),
            new Product(
                    201,
                    "stoneware-mug",
                    "Stoneware mug",
                    TABLE,
                    2200,
                    "Thick walls, a big handle, coffee that stays hot.",
                    "Thrown by hand and dipped in a speckled glaze, so no two are quite alike. The foot is left bare to"
                            + " show the clay.",
                    List.of(
                            new Fact("Holds", "350 ml"),
                            new Fact("Material", "Stoneware"),
                            new Fact("Care", "Dishwasher and microwave safe")),
                    "A speckled cream mug with a bare clay foot, steaming"),
            new Product(
                    202,
                    "ash-salad-bowl",
                    "Ash salad bowl",
                    TABLE,
                    7200,
                    "Wide enough for six, with two servers to match.",
                    "Turned from a half log while the wood is green, then dried for a year. It goes slightly oval as it"
                            + " dries, which is how you know it was one piece.",
                    List.of(
                            new Fact("Size", "30 cm across"),
                            new Fact("Material", "Ash, walnut oil"),
                            new Fact("Comes with", "Two servers")),
                    "A wide wooden bowl of green leaves with two wooden servers"),
            new Product(
                    203,
                    "linen-napkins",
                    "Linen napkins",
                    TABLE,
                    3400,
                    "A set of four, stone-washed so that they need no iron.",
                    "Woven from long flax, washed with pumice until soft. They start out crisp and end up as the best"
                            + " dishcloths you own.",
                    List.of(
                            new Fact("Size", "45 × 45 cm, set of four"),
                            new Fact("Material", "Linen"),
                            new Fact("Care", "Wash at 60 °C")),
                    "A stack of folded napkins in rust, cream and green with a sprig on top"),
            new Product(
                    204,
                    "candlestick-pair",
                    "Candlestick pair",
                    TABLE,
                    4600,
                    "One tall, one short, both with a brass cup for the wax.",
                    "Turned from alder offcuts that are too short for furniture. The brass cups lift out for cleaning.",
                    List.of(
                            new Fact("Size", "24 cm and 16 cm tall"),
                            new Fact("Material", "Alder, brass"),
                            new Fact("Candles", "2.2 cm, two included")),
                    "Two wooden candlesticks of different height with burning candles"),
            new Product(
                    301,
                    "desk-lamp",
                    "Desk lamp",
                    DESK,
                    12900,
                    "A steel shade, a brass joint, light where the page is.",
                    "The arm turns all the way round and stays where you leave it. The switch is on the shade, where your"
                            + " hand already is.",
                    List.of(
                            new Fact("Size", "46 cm tall"),
                            new Fact("Material", "Steel, brass, ash"),
                            new Fact("Bulb", "E14, up to 7 W, not included")),
                    "A green desk lamp with a brass arm casting a cone of light"),
            new Product(
                    302,
                    "cloth-notebook",
                    "Cloth-bound notebook",
                    DESK,
                    1850,
                    "Lies flat, takes ink, and has a ribbon to find the page.",
                    "Sewn in sections and bound in book cloth. One hundred and ninety-two pages of uncoated paper that"
                            + " fountain pens like.",
                    List.of(
                            new Fact("Size", "A5, 192 pages"),
                            new Fact("Paper", "100 g, dotted or plain"),
                            new Fact("Binding", "Sewn, book cloth")),
                    "A rust-coloured notebook with a ribbon and a pencil beside it"),
            new Product(
                    303,
                    "pencil-cup",
                    "Alder pencil cup",
                    DESK,
                    2600,
                    "Six sides, so that it does not roll off.",
                    "Milled from a solid block. Felt on the bottom keeps it quiet. The pencils are ours, too.",
                    List.of(
                            new Fact("Size", "10 cm tall"),
                            new Fact("Material", "Alder, wool felt"),
                            new Fact("Comes with", "Four pencils")),
                    "A six-sided wooden cup holding four pencils and a brush"),
            new Product(
                    304,
                    "desk-clock",
                    "Desk clock",
                    DESK,
                    8800,
                    "Two hands, twelve marks, no ticking.",
                    "A silent quartz movement behind a paper dial, in a ring of bent ash. One battery lasts about two"
                            + " years.",
                    List.of(
                            new Fact("Size", "14 cm across"),
                            new Fact("Material", "Ash, brass, paper"),
                            new Fact("Battery", "One AA, included")),
                    "A round wooden clock on two feet, showing ten past ten"),
            new Product(
                    401,
                    "hand-trowel",
                    "Hand trowel",
                    GARDEN,
                    2900,
                    "Forged in one piece, with a handle of ash.",
                    "The blade is stamped with depth marks for bulbs. The ferrule is riveted, and the handle can be"
                            + " replaced when a spade goes over it.",
                    List.of(
                            new Fact("Size", "31 cm long"),
                            new Fact("Material", "Carbon steel, ash"),
                            new Fact("Care", "Dry it, oil it in autumn")),
                    "A trowel with a wooden handle standing in a mound of earth"),
            new Product(
                    402,
                    "watering-can",
                    "Watering can",
                    GARDEN,
                    5400,
                    "Five litres, balanced so that it does not splash.",
                    "Galvanised steel with a long neck and a brass rose that unscrews. The handle runs from front to back,"
                            + " so you can tip it with one hand.",
                    List.of(
                            new Fact("Holds", "5 litres"),
                            new Fact("Material", "Galvanised steel, brass"),
                            new Fact("Care", "Empty it before frost")),
                    "A blue-grey watering can pouring drops from a brass rose"),
            new Product(
                    403,
                    "terracotta-pot",
                    "Terracotta pot",
                    GARDEN,
                    1950,
                    "Frost-proof clay with a saucer.",
                    "Fired hot enough to ring when you tap it. It turns white at the rim with time; some people scrub it"
                            + " off, we like it.",
                    List.of(
                            new Fact("Size", "18 cm across"),
                            new Fact("Material", "Terracotta"),
                            new Fact("Comes with", "Saucer; the plant stays here")),
                    "A clay pot on a saucer with a broad-leaved plant"),
            new Product(
                    404,
                    "bird-house",
                    "Bird house",
                    GARDEN,
                    3750,
                    "A dry room for tits and sparrows, with a lid you can lift.",
                    "Rough boards, because smooth ones are hard to climb. The hole is 32 mm wide, which keeps cats and"
                            + " starlings out. Hang it facing east.",
                    List.of(
                            new Fact("Size", "28 cm tall"),
                            new Fact("Material", "Larch, slate roof"),
                            new Fact("Care", "Empty it in November")),
                    "A small wooden bird house on a branch with a bird looking out"));

    private static final List<Product> VARIATIONS = Variations.of(CATEGORIES);

    private static final int BESIDE = 3;

    private static final List<Product> PRODUCTS = CATEGORIES.stream()
            .flatMap(category -> Stream.of(DRAWN, VARIATIONS)
                    .flatMap(List::stream)
                    .filter(product -> product.category().equals(category)))
            .toList();

    private static final Map<Category, List<Product>> BY_CATEGORY =
            PRODUCTS.stream().collect(Collectors.groupingBy(Product::category));

    private static final Map<Integer, Product> BY_ID =
            PRODUCTS.stream().collect(Collectors.toMap(Product::id, product -> product));

    /** The categories, in the order in which the shop shows them. */
    public List<Category> categories() {
        return CATEGORIES;
    }

    /** All products, category by category. */
    public List<Product> products() {
        return PRODUCTS;
    }

    /** The products of a category, the hand-drawn ones first. */
    public List<Product> in(Category category) {
        return Objects.requireNonNull(BY_CATEGORY.get(category));
    }

    /** What stands for a category. */
    public Product cover(Category category) {
        return DRAWN.stream()
                .filter(product -> product.category().equals(category))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** The product with an id. */
    public Optional<Product> find(long id) {
        return id == (int) id ? Optional.ofNullable(BY_ID.get((int) id)) : Optional.empty();
    }

    /** What a product's page shows below it: what comes next in its category, and one of the next category. */
    public List<Product> beside(Product product) {
        List<Product> shelf = in(product.category());
        Category next = CATEGORIES.get((CATEGORIES.indexOf(product.category()) + 1) % CATEGORIES.size());
        Stream<Product> following = IntStream.rangeClosed(1, BESIDE)
                .mapToObj(step -> shelf.get((shelf.indexOf(product) + step) % shelf.size()));
        return Stream.concat(following, in(next).stream().limit(1)).toList();
    }

    /** What the front page shows first: one of each category. */
    public List<Product> favourites() {
        return Stream.of(102, 201, 301, 402).map(BY_ID::get).toList();
    }
}
