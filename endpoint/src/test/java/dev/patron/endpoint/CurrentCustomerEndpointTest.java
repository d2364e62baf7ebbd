package dev.patron.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a storefront is asked and told. What is answered, the contract suite tries over HTTP. */
class CurrentCustomerEndpointTest {

    private static final String RIGHT = CurrentCustomerEndpoint.PATH + "?app_client_id=" + MemoryStorefront.CLIENT_ID;
    private static final Map<String, String> ADA = Map.of("Cookie", "session=ada");
    private static final Map<String, String> GUEST = Map.of();

    private final MemoryStorefront storefront =
            new MemoryStorefront(InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z")));
    private final CurrentCustomerEndpoint endpoint = new CurrentCustomerEndpoint(storefront);

    private record Request(String method, String target, String authority, Map<String, String> headers)
            implements EndpointRequest {

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    private EndpointAnswer answer(String method, String target, Map<String, String> headers) {
        return endpoint.answer(new Request(method, target, "shop.example", headers));
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new TreeMap<>(ADA);
        headers.put(name, value);
        return headers;
    }

    @Test
    void token_takesOneLookUp_andIsNotTold() {
        EndpointAnswer answer = answer("GET", RIGHT, ADA);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.problemId()).isNull();
        assertThat(storefront.log()).containsExactly("looked up", "issued");
        assertThat(answer.toString()).isEqualTo("EndpointAnswer[200]");
    }

    @Test
    void head_leavesNoTrace() {
        assertThat(answer("HEAD", RIGHT, ADA)).isEqualTo(answer("GET", RIGHT, ADA));
        assertThat(answer("HEAD", RIGHT, GUEST).problemId()).isEqualTo("not_signed_in");

        assertThat(storefront.log()).containsExactly("looked up", "looked up", "issued", "looked up");
    }

    @Test
    void refusal_isTold_withTheAppWhereItMayBeOne() {
        answer("GET", RIGHT, GUEST);
        answer("GET", CurrentCustomerEndpoint.PATH, ADA);
        answer("GET", RIGHT, with("Sec-Fetch-Site", "cross-site"));

        assertThat(storefront.log())
                .containsExactly(
                        "looked up",
                        "refused not_signed_in to " + MemoryStorefront.CLIENT_ID,
                        "refused missing_client_id to null",
                        "refused cross_site to " + MemoryStorefront.CLIENT_ID);
    }

    @Test
    void foreignOrigin_withoutAnApp_isRefusedWithoutALookUp() {
        storefront.goAway();

        assertThat(answer("GET", CurrentCustomerEndpoint.PATH, with("Origin", "https://evil.example"))
                        .problemId())
                .isEqualTo("cross_site");
        assertThat(storefront.log()).containsExactly("refused cross_site to null");
    }

    @Test
    void whatIsNoRequestToTheEndpoint_isNotTold() {
        assertThat(answer("PUT", RIGHT, ADA).problemId()).isEqualTo("method_not_allowed");
        assertThat(answer("GET", "/customer/current.jwt/?app_client_id=x", ADA).problemId())
                .isEqualTo("no_such_page");
        assertThat(answer("GET", RIGHT + "&a=%", ADA).problemId()).isEqualTo("bad_request");

        assertThat(storefront.log()).isEmpty();
    }

    @Test
    void unknownHost_isNoStore() {
        assertThat(endpoint.answer(new Request("GET", RIGHT, "nowhere.example", ADA))
                        .problemId())
                .isEqualTo("no_such_store");
    }

    @Test
    void outage_isUnavailable_andTold() {
        assertThat(answer("GET", RIGHT, ADA).status()).isEqualTo(200);
        storefront.goAway();

        EndpointAnswer answer = answer("GET", RIGHT, ADA);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("Retry-After", "1");
        assertThat(storefront.log())
                .containsExactly("looked up", "issued", "looked up", "unavailable to " + MemoryStorefront.CLIENT_ID);
    }

    @Test
    void originThatMayAsk_mayReadRefusals_andTheStoresOwnNeedsNoHeader() {
        assertThat(answer("GET", RIGHT, Map.of("Origin", "https://pages.example"))
                        .headers())
                .containsEntry("Access-Control-Allow-Origin", "https://pages.example")
                .containsEntry("Access-Control-Allow-Credentials", "true");
        assertThat(answer("GET", RIGHT, Map.of("Origin", "https://shop.example"))
                        .headers())
                .doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(answer("GET", RIGHT, with("Origin", "http://shop.example")).problemId())
                .isEqualTo("cross_site");
    }
}
