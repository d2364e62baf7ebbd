package dev.patron.sample;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patron.spring.CustomerKey;
import dev.patron.token.CurrentCustomer;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** What customers have bought lately: the five newest products that are still there, each once. Thread-safe. */
@Service
class RecentPurchases {

    private static final int MOST = 5;
    private static final int MOST_ORDERS = 25;

    /** Incomplete, cancelled and declined orders: nothing was bought. */
    private static final Set<Integer> NOT_BOUGHT = Set.of(0, 5, 6);

    private final StoreApi store;
    private final Cache<CustomerKey, List<Purchase>> known;

    RecentPurchases(StoreApi store, PlatformProperties properties) {
        this.store = store;
        this.known = Caffeine.newBuilder()
                .maximumSize(properties.cachedCustomers())
                .expireAfterWrite(properties.cachedFor())
                .build();
    }

    /**
     * Those of a customer, newest first; none when there are none.
     *
     * @throws PlatformException when it cannot be told
     */
    List<Purchase> of(CurrentCustomer customer) {
        // The key has the store: customers of different stores have the same ids.
        return known.get(CustomerKey.of(customer), this::look);
    }

    private record Bought(String price) {}

    private List<Purchase> look(CustomerKey customer) {
        Map<Long, Bought> bought = new LinkedHashMap<>();
        List<Purchase> purchases = new ArrayList<>();
        JsonNode orders = store.get(
                        customer.storeHash(),
                        "/v2/orders?customer_id=" + customer.customerId() + "&sort=date_created:desc&limit="
                                + MOST_ORDERS)
                .orElse(null);
        if (orders == null) {
            return List.of();
        }
        for (JsonNode order : orders) {
            // The store was asked for this customer's; that is not believed blindly.
            if (order.path("customer_id").asLong() != customer.customerId()
                    || NOT_BOUGHT.contains(order.path("status_id").asInt())) {
                continue;
            }
            for (JsonNode line : lines(customer, order)) {
                long productId = line.path("product_id").asLong();
                if (bought.putIfAbsent(productId, new Bought(price(order, line))) == null) {
                    product(customer, productId, bought.get(productId)).ifPresent(purchases::add);
                }
                if (purchases.size() == MOST) {
                    return List.copyOf(purchases);
                }
            }
        }
        return List.copyOf(purchases);
    }

    private Iterable<JsonNode> lines(CustomerKey customer, JsonNode order) {
        return store.get(customer.storeHash(), "/v2/orders/" + order.path("id").asLong() + "/products?limit=50")
                .map(JsonNode::values)
                .orElse(List.of());
    }

    /** The product, unless it was deleted since, is hidden, or has addresses that lead out of the shop. */
    private Optional<Purchase> product(CustomerKey customer, long productId, Bought bought) {
        return store.get(customer.storeHash(), "/v2/products/" + productId)
                .filter(product -> product.path("is_visible").asBoolean(true))
                .map(product -> new Purchase(
                        productId,
                        product.path("name").asString(),
                        product.path("custom_url").asString(),
                        product.path("primary_image").path("thumbnail_url").asString(""),
                        bought.price()))
                .filter(purchase -> purchase.path().matches("/(?!/).*"))
                .filter(purchase -> purchase.picture().matches("https?://.*"));
    }

    /** In the order's currency, which need not be the shop's. */
    private static String price(JsonNode order, JsonNode line) {
        NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
        format.setCurrency(Currency.getInstance(order.path("currency_code").asString()));
        return format.format(new BigDecimal(line.path("price_inc_tax").asString()));
    }
}
