package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** A script on the demo store's pages, as its operator manages it by the API. */
final class MerchantScript {

    private static final String SCRIPTS = "/api/v1/stores/abc123/scripts";

    private final ShopClient operator;
    private final String path;

    private MerchantScript(ShopClient operator, String path) {
        this.operator = operator;
        this.path = path;
    }

    static MerchantScript add(ShopClient operator, String place, List<String> pages, String html) {
        HttpResponse<String> added = call(
                operator,
                "POST",
                SCRIPTS,
                Map.of("name", "Of a test", "place", place, "pages", pages, "contents", html));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        return new MerchantScript(
                operator, SCRIPTS + "/" + ShopClient.json(added).get("id").asLong());
    }

    void setEnabled(boolean enabled) {
        HttpResponse<String> changed = call(operator, "PATCH", path, Map.of("enabled", enabled));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    void remove() {
        HttpResponse<String> removed = call(operator, "DELETE", path, Map.of());
        assertThat(removed.statusCode()).as(removed.body()).isEqualTo(204);
    }

    private static HttpResponse<String> call(
            ShopClient operator, String method, String path, Map<String, Object> body) {
        try {
            return operator.console(method, path, body);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
