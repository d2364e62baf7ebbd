package dev.patron.endpoint.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every status and error that a request can get at a store, its headers, and which of two faults is told. */
public abstract class StatusContract extends EndpointContract {

    private static final Map<String, String> EVERY_ANSWER = Map.of(
            "cache-control", "no-store, private",
            "vary", "Cookie, Accept, Origin, Sec-Fetch-Site",
            "x-content-type-options", "nosniff",
            "cross-origin-resource-policy", "same-origin",
            "referrer-policy", "no-referrer",
            "content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    private static final Map<String, String> JSON = with(EVERY_ANSWER, "content-type", "application/json");

    @Test
    void get_signedIn_isTheTokenAsText() throws InvalidTokenException {
        Answer answer = signedIn().send();

        assertThat(answer.outcome()).isEqualTo("200");
        assertThat(headers(answer)).isEqualTo(with(EVERY_ANSWER, "content-type", "text/plain; charset=utf-8"));
        CurrentCustomer customer = CurrentCustomerVerifier.builder(
                        storefront().clientId(), storefront().clientSecret())
                .expectStore(storefront().storeHash())
                .clock(storefront().clock())
                .build()
                .verify(answer.body());
        assertThat(customer.id()).isEqualTo(storefront().customerId());
        assertThat(customer.email()).isEqualTo(storefront().email());
        assertThat(customer.storeHash()).isEqualTo(storefront().storeHash());
        assertThat(customer.issuedAt()).isEqualTo(storefront().clock().instant().truncatedTo(ChronoUnit.SECONDS));
        assertThat(customer.expiresAt()).isEqualTo(customer.issuedAt().plusSeconds(900));
    }

    /** Each error, at the request that is right but for one thing. */
    List<Arguments> errors() {
        String clientId = storefront().clientId();
        Call right = signedIn();
        Call guest = guest();
        String twice = PATH + "?app_client_id=" + clientId + "&app_";
        return List.of(
                Arguments.of(right.target(PATH), "400 missing_client_id"),
                Arguments.of(right.target(PATH + "?app_client_id="), "400 missing_client_id"),
                Arguments.of(right.target(PATH + "?app_client_id"), "400 missing_client_id"),
                Arguments.of(right.target(PATH + "?APP_CLIENT_ID=" + clientId), "400 missing_client_id"),
                Arguments.of(right.target(PATH + "?" + "a=&".repeat(101)), "400 bad_request"),
                Arguments.of(forApp(right, "abc"), "400 malformed_client_id"),
                Arguments.of(forApp(right, "a".repeat(19)), "400 malformed_client_id"),
                Arguments.of(forApp(right, "a".repeat(65)), "400 malformed_client_id"),
                Arguments.of(forApp(right, "{" + clientId + "}"), "400 malformed_client_id"),
                Arguments.of(forApp(right, clientId + " "), "400 malformed_client_id"),
                Arguments.of(forApp(right, "é" + clientId), "400 malformed_client_id"),
                Arguments.of(forApp(right, "６" + clientId.substring(1)), "400 malformed_client_id"),
                Arguments.of(forApp(right, clientId + "\n"), "400 malformed_client_id"),
                Arguments.of(forApp(right, clientId + "\0"), "400 malformed_client_id"),
                Arguments.of(right.target(twice + "client_id=" + clientId), "400 malformed_client_id"),
                Arguments.of(right.target(twice + "client_id="), "400 malformed_client_id"),
                Arguments.of(right.target(twice + "%63lient_id=" + clientId), "400 malformed_client_id"),
                Arguments.of(forApp(right, "a".repeat(20)), "403 unknown_app"),
                Arguments.of(forApp(right, clientId.toUpperCase(Locale.ROOT)), "403 unknown_app"),
                Arguments.of(right.with("Sec-Fetch-Site", "cross-site"), "403 cross_site"),
                Arguments.of(guest, "404 not_signed_in"),
                Arguments.of(guest.with("Cookie", "SHOP_SESSION_TOKEN="), "404 not_signed_in"),
                Arguments.of(guest.with("Cookie", "SHOP_SESSION_TOKEN=" + "A".repeat(43)), "404 not_signed_in"),
                Arguments.of(guest.with("Cookie", "SHOP_SESSION_TOKEN=x"), "404 not_signed_in"),
                Arguments.of(guest.with("Cookie", "shop_session_token=" + "A".repeat(43)), "404 not_signed_in"),
                Arguments.of(
                        guest.with(
                                "Cookie",
                                storefront().signIn() + "; " + storefront().signIn()),
                        "404 not_signed_in"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void error_hasItsStatusIdShapeAndHeaders(Call call, String outcome) {
        assertThat(signedIn().send().outcome()).isEqualTo("200");

        Answer answer = call.send();

        assertThat(answer.outcome()).isEqualTo(outcome);
        assertErrorDocument(answer);
        assertThat(headers(answer)).isEqualTo(JSON);
        assertThat(call.with("Accept", "text/html").send().body()).isEqualTo(answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "{%s}, 400 malformed_client_id",
        "\u00c3\u00a9%s, 400 malformed_client_id",
        "%s%%, 400 bad_request",
    })
    void clientId_thatNoAddressHolds_isRefused(String clientId, String outcome) {
        Answer answer = signedIn()
                .target(PATH + "?app_client_id="
                        + clientId.formatted(storefront().clientId()))
                .send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("eyJ");
        if (!storefront().refusesMalformedAddresses()) {
            assertThat(answer.outcome()).isEqualTo(outcome);
        }
    }

    @Test
    void session_ended_isNotSignedIn() {
        String cookie = storefront().signIn();
        Call call = guest().with("Cookie", cookie);
        assertThat(call.send().outcome()).isEqualTo("200");

        storefront().signOut(cookie);

        assertThat(call.send().outcome()).isEqualTo("404 not_signed_in");
    }

    @Test
    void tooManyTokens_areRateLimited() {
        String cookie = storefront().signIn();
        Call call = guest().with("Cookie", cookie);
        assertThat(call.send().outcome()).isEqualTo("200");
        storefront().limit(cookie);

        Answer answer = Stream.generate(call::send)
                .limit(ContractStorefront.MANY)
                .filter(each -> each.status() != 200)
                .findFirst()
                .orElseThrow();

        assertThat(answer.outcome()).isEqualTo("429 rate_limited");
        assertErrorDocument(answer);
        Map<String, String> headers = headers(answer);
        assertThat(headers.remove("retry-after")).matches("[1-9][0-9]?");
        assertThat(headers).isEqualTo(JSON);
    }

    @Test
    void storageAway_isUnavailableAndNeverNotSignedIn() {
        assertThat(signedIn().send().outcome()).isEqualTo("200");
        for (Call call : List.of(
                signedIn(),
                guest(),
                guest().with("Cookie", "SHOP_SESSION_TOKEN=" + "A".repeat(43)),
                forApp(signedIn(), "a".repeat(20)),
                signedIn().with("Origin", "https://elsewhere.example"))) {
            storefront().takeStorageAway();
            try {
                Answer answer = call.send();
                assertThat(answer.outcome()).isEqualTo("503 unavailable");
                assertErrorDocument(answer);
                Map<String, String> headers = headers(answer);
                headers.remove("x-request-id");
                assertThat(headers).isEqualTo(with(JSON, "retry-after", "1"));
            } finally {
                storefront().giveStorageBack();
            }
        }
        assertThat(signedIn().send().outcome()).isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void methods_thatAreAllowed_answerAlike(String method) {
        assertThat(signedIn().method(method).send().outcome()).isEqualTo("200");
        assertThat(guest().method(method).send().outcome()).isEqualTo("404 not_signed_in");
    }

    @Test
    void post_withAnyBody_isAnsweredLikeGet() {
        Call post = signedIn().method("POST");

        assertThat(post.body("application/x-www-form-urlencoded", "app_client_id=x")
                        .send()
                        .outcome())
                .isEqualTo("200");
        assertThat(post.target(PATH)
                        .body(
                                "application/x-www-form-urlencoded",
                                "app_client_id=" + storefront().clientId())
                        .send()
                        .outcome())
                .isEqualTo("400 missing_client_id");
    }

    List<Arguments> headCalls() {
        return List.of(
                Arguments.of(signedIn(), "200"),
                Arguments.of(signedIn().with("Accept", "application/json"), "200"),
                Arguments.of(guest(), "404 not_signed_in"),
                Arguments.of(signedIn().target(PATH), "400 missing_client_id"),
                Arguments.of(forApp(signedIn(), "short"), "400 malformed_client_id"),
                Arguments.of(forApp(signedIn(), "a".repeat(20)), "403 unknown_app"),
                Arguments.of(signedIn().with("Sec-Fetch-Site", "cross-site"), "403 cross_site"),
                Arguments.of(signedIn().target(PATH + "/"), "404 no_such_page"));
    }

    @ParameterizedTest
    @MethodSource("headCalls")
    void head_isGetWithoutBody(Call call, String outcome) throws IOException {
        Answer get = call.send();
        assertThat(get.outcome()).isEqualTo(outcome);

        try (RawConnection connection = RawConnection.to(storefront().port())) {
            Answer head = connection.send(call.method("HEAD").text()).read(false);

            assertThat(head.status()).isEqualTo(get.status());
            assertThat(headers(head)).isEqualTo(headers(get));
            assertThat(head.header("Content-Length")).contains(Integer.toString(get.length()));
            // Bytes of a body would stand before the next answer.
            assertThat(connection.send(call.text()).read().outcome()).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "PROPFIND"})
    void otherMethods_areNotAllowed(String method) {
        assertThat(signedIn().send().outcome()).isEqualTo("200");

        Answer answer = signedIn().method(method).send();

        assertThat(answer.outcome()).isEqualTo("405 method_not_allowed");
        assertErrorDocument(answer);
        assertThat(headers(answer)).isEqualTo(with(JSON, "allow", "GET, HEAD, POST"));
    }

    /** In the order in which they are told. */
    enum Fault {
        METHOD("405 method_not_allowed"),
        PATH("404 no_such_page"),
        QUERY("400 bad_request"),
        CROSS_SITE("403 cross_site"),
        CLIENT_ID("400 malformed_client_id"),
        SESSION("404 not_signed_in"),
        APP("403 unknown_app");

        private final String outcome;

        Fault(String outcome) {
            this.outcome = outcome;
        }
    }

    static List<Arguments> pairsOfFaults() {
        List<Arguments> pairs = new ArrayList<>();
        for (Fault earlier : Fault.values()) {
            for (Fault later : Fault.values()) {
                if (earlier.compareTo(later) <= 0) {
                    pairs.add(Arguments.of(earlier, later));
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairsOfFaults")
    void ofTwoFaults_theEarlierIsTold(Fault earlier, Fault later) {
        assertThat(faulty(Set.of()).send().outcome()).isEqualTo("200");

        Set<Fault> faults = earlier == later ? Set.of(earlier) : Set.of(earlier, later);

        List<Call> calls = faults.contains(Fault.CROSS_SITE) ? crossSite(faulty(faults)) : List.of(faulty(faults));
        assertThat(calls).allSatisfy(call -> assertThat(call.send().outcome()).isEqualTo(earlier.outcome));
    }

    private Call faulty(Set<Fault> faults) {
        String clientId =
                faults.contains(Fault.APP) ? "a".repeat(31) : storefront().clientId();
        return (faults.contains(Fault.SESSION) ? guest() : signedIn())
                .method(faults.contains(Fault.METHOD) ? "DELETE" : "GET")
                .target(PATH + (faults.contains(Fault.PATH) ? "/x" : "") + "?app_client_id="
                        + (faults.contains(Fault.CLIENT_ID) ? clientId + "." : clientId)
                        + (faults.contains(Fault.QUERY) ? "&a".repeat(100) : ""));
    }

    /** Both ways in which a browser says that another site asks. */
    private static List<Call> crossSite(Call call) {
        return List.of(call.with("Origin", "https://evil.example"), call.with("Sec-Fetch-Site", "cross-site"));
    }

    private void assertErrorDocument(Answer answer) {
        assertThat(answer.body())
                .matches("\\{\"errors\":\\[\\{\"status\":" + answer.status()
                        + ",\"id\":\"[a-z_]+\",\"title\":\"[^\"]+\",\"detail\":\"[^\"]+\"}]}");
        assertThat(answer.body())
                .doesNotContain(storefront().email(), storefront().clientId());
    }

    /** All headers, but for those that differ from answer to answer. */
    private static Map<String, String> headers(Answer answer) {
        Map<String, String> headers = new TreeMap<>();
        answer.headers().forEach(header -> {
            if (headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()) != null) {
                throw new AssertionError("Sent twice: " + header);
            }
        });
        headers.keySet().removeAll(Set.of("date", "content-length", "connection"));
        return headers;
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return more;
    }
}
