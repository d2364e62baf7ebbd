package dev.patron.sandbox.management;

import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.catalogue.Category;
import dev.patron.sandbox.catalogue.Product;
import dev.patron.sandbox.order.Orders;
import dev.patron.server.http.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** {@code /v2/products} and {@code /v3/catalog}: what the demo shop shows, for reading. Other stores have no products. */
final class ProductsResource {

    private static final String V2 = "/stores/*/v2/products";
    private static final String V3 = "/stores/*/v3/catalog/products";
    private static final int V2_ID = 4;
    private static final int V3_ID = 5;

    /** When all of them came into the shop. */
    private static final Instant CREATED = Orders.LATEST.minus(Duration.ofDays(800));

    private final String demoStore;
    private final Catalogue catalogue;
    private final UnaryOperator<String> storefront;

    /** @param storefront from a path of the demo shop to its address */
    ProductsResource(String demoStore, Catalogue catalogue, UnaryOperator<String> storefront) {
        this.demoStore = demoStore;
        this.catalogue = catalogue;
        this.storefront = storefront;
    }

    void addTo(Routes routes, Guard guard) {
        routes.on("GET", V2, guard.read(Version.V2, Area.PRODUCTS, this::listV2))
                .on("GET", V2 + "/*", guard.read(Version.V2, Area.PRODUCTS, this::showV2))
                .on("GET", V3, guard.read(Version.V3, Area.PRODUCTS, this::listV3))
                .on("GET", V3 + "/*", guard.read(Version.V3, Area.PRODUCTS, this::showV3))
                .on("GET", "/stores/*/v3/catalog/summary", guard.read(Version.V3, Area.PRODUCTS, this::summarise));
    }

    private List<Product> all(Call call) {
        return call.storeHash().equals(demoStore) ? catalogue.products() : List.of();
    }

    private Product product(Call call, int segment) {
        long id = call.id(segment);
        return all(call).stream()
                .filter(product -> product.id() == id)
                .findFirst()
                .orElseThrow(Refusal::notFound);
    }

    private void listV2(Call call) {
        OptionalLong least = call.number("min_id", 0, Long.MAX_VALUE);
        OptionalLong most = call.number("max_id", 0, Long.MAX_VALUE);
        Optional<String> name = call.text("name");
        Optional<String> sku = call.text("sku");
        Pages.of(call)
                .answerList(
                        call,
                        all(call).stream()
                                .filter(product -> least.isEmpty() || product.id() >= least.getAsLong())
                                .filter(product -> most.isEmpty() || product.id() <= most.getAsLong())
                                .filter(product ->
                                        name.isEmpty() || product.name().equalsIgnoreCase(name.get()))
                                .filter(product -> sku.isEmpty() || sku(product).equals(sku.get()))
                                .sorted(Comparator.comparingInt(Product::id))
                                .toList(),
                        this::v2);
    }

    private void showV2(Call call) {
        call.answer(v2(product(call, V2_ID)));
    }

    private void listV3(Call call) {
        Optional<List<Long>> ids = call.numbers("id:in").or(() -> call.numbers("id"));
        Optional<String> name = call.text("name");
        Optional<String> keyword = call.text("keyword").or(() -> call.text("name:like"));
        Pages.of(call)
                .answerEnvelope(
                        call,
                        all(call).stream()
                                .filter(product -> ids.isEmpty() || ids.get().contains((long) product.id()))
                                .filter(product ->
                                        name.isEmpty() || product.name().equalsIgnoreCase(name.get()))
                                .filter(product -> keyword.isEmpty()
                                        || product.name()
                                                .toLowerCase(Locale.ROOT)
                                                .contains(keyword.get().toLowerCase(Locale.ROOT)))
                                .sorted(sorting(call))
                                .toList(),
                        product -> v3(call, product));
    }

    private void showV3(Call call) {
        call.answer(Map.of("data", v3(call, product(call, V3_ID)), "meta", Map.of()));
    }

    private void summarise(Call call) {
        List<Product> all = all(call);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("inventory_count", 0);
        summary.put("variant_count", all.size());
        summary.put("inventory_value", 0);
        summary.put(
                "highest_variant_price",
                Values.number(all.stream().mapToLong(Product::cents).max().orElse(0)));
        summary.put(
                "average_variant_price",
                Values.number(Math.round(
                        all.stream().mapToLong(Product::cents).average().orElse(0))));
        summary.put(
                "lowest_variant_price",
                Values.number(all.stream().mapToLong(Product::cents).min().orElse(0)));
        summary.put("primary_category_id", 1);
        summary.put("primary_category_name", catalogue.categories().getFirst().name());
        call.answer(Map.of("data", summary, "meta", Map.of()));
    }

    private static Comparator<Product> sorting(Call call) {
        String sort = call.text("sort").orElse("id");
        Comparator<Product> order = switch (sort) {
            case "id" -> Comparator.comparingInt(Product::id);
            case "name" -> Comparator.comparing(Product::name);
            case "sku" -> Comparator.comparing(ProductsResource::sku);
            case "price" -> Comparator.comparingLong(Product::cents);
            default -> throw call.invalid("sort", "It must be id, name, sku or price.");
        };
        return switch (call.text("direction").orElse("asc")) {
            case "asc" -> order.thenComparingInt(Product::id);
            case "desc" -> order.thenComparingInt(Product::id).reversed();
            default -> throw call.invalid("direction", "It must be asc or desc.");
        };
    }

    private Map<String, Object> v2(Product product) {
        String price = Values.money(product.cents());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", product.id());
        members.put("name", product.name());
        members.put("type", "physical");
        members.put("sku", sku(product));
        members.put("description", product.description());
        members.put("search_keywords", "");
        members.put("availability_description", "");
        members.put("price", price);
        members.put("cost_price", Values.money(0));
        members.put("retail_price", Values.money(0));
        members.put("sale_price", Values.money(0));
        members.put("calculated_price", price);
        members.put("sort_order", 0);
        members.put("is_visible", true);
        members.put("is_featured", catalogue.favourites().contains(product));
        members.put("inventory_level", 0);
        members.put("inventory_tracking", "none");
        members.put("weight", "1.0000");
        members.put("is_free_shipping", false);
        members.put("date_created", Values.date(CREATED));
        members.put("date_modified", Values.date(CREATED));
        members.put("condition", "New");
        members.put("categories", List.of(categoryId(product.category())));
        members.put("custom_url", product.path());
        members.put("availability", "available");
        members.put("primary_image", image(product));
        return members;
    }

    private Map<String, Object> v3(Call call, Product product) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", product.id());
        members.put("name", product.name());
        members.put("type", "physical");
        members.put("sku", sku(product));
        members.put("description", product.description());
        members.put("weight", 1);
        members.put("price", Values.number(product.cents()));
        members.put("cost_price", 0);
        members.put("retail_price", 0);
        members.put("sale_price", 0);
        members.put("calculated_price", Values.number(product.cents()));
        members.put("categories", List.of(categoryId(product.category())));
        members.put("inventory_level", 0);
        members.put("inventory_tracking", "none");
        members.put("is_visible", true);
        members.put("is_featured", catalogue.favourites().contains(product));
        members.put("availability", "available");
        members.put("condition", "New");
        members.put("date_created", CREATED.toString());
        members.put("date_modified", CREATED.toString());
        Map<String, Object> address = new LinkedHashMap<>();
        address.put("url", product.path());
        address.put("is_customized", false);
        members.put("custom_url", address);
        call.text("include_fields").ifPresent(fields -> keepOnly(members, fields));
        Set<String> included = Set.copyOf(words(call.text("include").orElse("")));
        if (included.contains("primary_image")) {
            members.put("primary_image", imageV3(product));
        }
        if (included.contains("images")) {
            members.put("images", List.of(imageV3(product)));
        }
        return members;
    }

    private static void keepOnly(Map<String, Object> members, String fields) {
        Set<String> wanted = new HashSet<>(words(fields));
        wanted.add("id");
        members.keySet().retainAll(wanted);
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).distinct().toList();
    }

    private Map<String, Object> image(Product product) {
        String address = storefront.apply(product.picturePath());
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("id", product.id());
        image.put("image_file", product.picturePath());
        image.put("zoom_url", address);
        image.put("thumbnail_url", address);
        image.put("standard_url", address);
        image.put("tiny_url", address);
        image.put("description", product.picture());
        return image;
    }

    private Map<String, Object> imageV3(Product product) {
        String address = storefront.apply(product.picturePath());
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("id", product.id());
        image.put("product_id", product.id());
        image.put("is_thumbnail", true);
        image.put("sort_order", 0);
        image.put("description", product.picture());
        image.put("image_file", product.picturePath());
        image.put("url_zoom", address);
        image.put("url_standard", address);
        image.put("url_thumbnail", address);
        image.put("url_tiny", address);
        return image;
    }

    private int categoryId(Category category) {
        return 1 + catalogue.categories().indexOf(category);
    }

    private static String sku(Product product) {
        return "AA-" + product.id();
    }
}
