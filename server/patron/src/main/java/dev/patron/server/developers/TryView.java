package dev.patron.server.developers;

import dev.patron.endpoint.Problem;
import dev.patron.server.app.App;
import dev.patron.server.customer.Customer;
import dev.patron.server.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trying an app with a customer of a store. {@link #toString()} tells neither token nor customers.
 *
 * @param stores where the member may try apps
 * @param store the one that is chosen, or null
 * @param customers of that store, as many as are shown
 * @param customerId the one that is chosen, as sent
 * @param token the token, or an empty string
 * @param result what the verifier says of it, or null
 * @param refusal why there is none, or null
 * @param faults what is wrong, by form field
 */
public record TryView(
        App app,
        List<Store> stores,
        @Nullable Store store,
        List<Customer> customers,
        String customerId,
        String token,
        InspectorViews.@Nullable Result result,
        @Nullable Problem refusal,
        Map<String, String> faults) {

    /** The store that the snippets name: the chosen one or, without any, one that has to be replaced. */
    public String snippetStore() {
        return Optional.ofNullable(store).map(Store::hash).orElse("your-store");
    }

    @Override
    public String toString() {
        return "TryView[" + app.clientId() + ", ***]";
    }
}
