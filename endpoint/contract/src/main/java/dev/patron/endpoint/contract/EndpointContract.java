package dev.patron.endpoint.contract;

import dev.patron.endpoint.CurrentCustomerEndpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What the parts of the contract suite share: one storefront for all tests of a class, and requests to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EndpointContract {

    static final String PATH = CurrentCustomerEndpoint.PATH;

    private @Nullable ContractStorefront storefront;
    private String session = "";

    /** Starts the storefront that is tried. */
    protected abstract ContractStorefront start();

    @BeforeAll
    void open() {
        storefront = start();
        session = storefront.signIn();
    }

    @AfterAll
    void close() {
        storefront().close();
    }

    final ContractStorefront storefront() {
        return Objects.requireNonNull(storefront);
    }

    final String authority() {
        return "localhost:" + storefront().port();
    }

    /** A request that is right, by nobody. */
    final Call guest() {
        return Call.to(
                storefront().port(),
                "GET",
                PATH + "?app_client_id=" + storefront().clientId());
    }

    /** A request that is right, by the customer. */
    final Call signedIn() {
        return guest().with("Cookie", session);
    }

    static Call forApp(Call call, String clientId) {
        return call.target(PATH + "?app_client_id=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8));
    }
}
