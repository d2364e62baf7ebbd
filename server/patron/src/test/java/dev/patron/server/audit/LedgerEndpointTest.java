package dev.patron.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.patron.endpoint.CurrentCustomerEndpoint;
import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServer;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.Customer;
import dev.patron.server.http.HttpServer;
import dev.patron.server.http.Listener;
import dev.patron.server.http.ListenerKind;
import dev.patron.server.http.Routes;
import dev.patron.server.issuance.Issuance;
import dev.patron.server.issuance.IssuanceRate;
import dev.patron.server.issuance.IssuanceReader;
import dev.patron.server.issuance.ServerStorefront;
import dev.patron.server.issuance.TokenIssuer;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.Options;
import dev.patron.server.session.SessionLimits;
import dev.patron.server.storage.OutageLog;
import dev.patron.server.storefront.CurrentJwt;
import dev.patron.server.trace.Traces;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the endpoint answers, and what the ledger says of it. */
class LedgerEndpointTest {

    @Test
    void manyAtOnce_eachTokenIsADisclosure_andEachRefusalIsCounted() throws Exception {
        try (TestServer server = TestServer.start()) {
            Call signedIn = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
            Call guest = server.call("GET", TestServer.CURRENT_JWT);
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < 6; client++) {
                clients.add(() -> {
                    int issued = 0;
                    for (int i = 0; i < 50; i++) {
                        issued += signedIn.send().status() == 200 ? 1 : 0;
                        assertThat(guest.send().outcome()).isEqualTo("404 not_signed_in");
                    }
                    return issued;
                });
            }
            int issued =
                    Together.run(clients).stream().mapToInt(Integer::intValue).sum();
            assertThat(issued).isEqualTo(300);
            server.patron().services().auditLog.write();

            assertThat(counts(server)).isEqualTo(Map.of("issued", 300L, "not_signed_in", 300L));
            Page<Disclosure> page = server.patron()
                    .services()
                    .disclosures
                    .ofStore(TestServer.STORE, DisclosureFilter.ALL, Cursor.START, Page.MOST);
            assertThat(page.items()).hasSize(300).allSatisfy(disclosure -> {
                assertThat(disclosure.clientId()).isEqualTo(TestServer.CLIENT_ID);
                assertThat(disclosure.customerId()).isEqualTo(OptionalLong.of(TestServer.CUSTOMER_ID));
            });
        }
    }

    @Test
    void eachRefusal_isCountedUnderItsReason() {
        try (TestServer server = TestServer.start("patron.issuing.tokens-per-minute=1")) {
            Call signedIn = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
            assertThat(signedIn.send().outcome()).isEqualTo("200");
            String path = CurrentCustomerEndpoint.PATH;
            Map<Call, String> refusals = Map.of(
                    signedIn,
                    "429 rate_limited",
                    signedIn.target(path),
                    "400 missing_client_id",
                    signedIn.target(path + "?app_client_id=short"),
                    "400 malformed_client_id",
                    signedIn.target(path + "?app_client_id=" + Tokens.OTHER_APP),
                    "403 unknown_app",
                    signedIn.with("Sec-Fetch-Site", "cross-site"),
                    "403 cross_site",
                    signedIn.without("Cookie"),
                    "404 not_signed_in",
                    signedIn.host("nowhere.localhost"),
                    "404 no_such_store");
            refusals.forEach((call, outcome) -> {
                // Of a host that no write has met yet, few are kept in a second.
                server.clock().advance(Duration.ofSeconds(1));
                assertThat(call.send().outcome()).isEqualTo(outcome);
            });
            server.patron().services().auditLog.write();

            assertThat(counts(server))
                    .isEqualTo(Map.of(
                            "issued", 1L,
                            "rate_limited", 1L,
                            "missing_client_id", 1L,
                            "malformed_client_id", 1L,
                            "unknown_app", 1L,
                            "cross_site", 1L,
                            "not_signed_in", 1L));
            assertThat(server.patron()
                            .services()
                            .activity
                            .refusalsOfStore(TestServer.STORE, Optional.empty(), Span.ALWAYS, Cursor.START, 100)
                            .items())
                    .allSatisfy(refusal -> assertThat(refusal.clientId())
                            .isEqualTo(
                                    switch (refusal.reason()) {
                                        case "missing_client_id", "malformed_client_id", "unknown_app" -> "";
                                        default -> TestServer.CLIENT_ID;
                                    }))
                    .hasSize(6);
        }
    }

    @Test
    void head_revealsNoToken_andIsNotTakenDown() {
        try (TestServer server = TestServer.start()) {
            Call signedIn = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
            assertThat(signedIn.method("HEAD").send().status()).isEqualTo(200);
            assertThat(signedIn.method("HEAD").without("Cookie").send().status())
                    .isEqualTo(404);
            server.patron().services().auditLog.write();
            assertThat(counts(server)).isEmpty();

            assertThat(signedIn.method("POST").send().status()).isEqualTo(200);
            server.patron().services().auditLog.write();
            assertThat(counts(server)).isEqualTo(Map.of("issued", 1L));
        }
    }

    @Test
    void storageAway_isCountedOnceItIsBack() {
        try (TestServer server = TestServer.start("patron.database.wait=250ms")) {
            Call signedIn = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
            assertThat(signedIn.send().outcome()).isEqualTo("200");
            server.patron().services().auditLog.write();
            server.breakStorage();
            assertThat(signedIn.send().outcome()).isEqualTo("503 unavailable");
            server.patron().services().auditLog.write();
            server.mendStorage();
            // The pool notices with its next use of each connection.
            while (!signedIn.send().outcome().equals("200")) {
                Thread.onSpinWait();
            }
            server.patron().services().auditLog.write();

            assertThat(counts(server)).containsEntry("issued", 2L).containsKey("unavailable");
        }
    }

    @Test
    void ledgerWithoutRoom_answers503_untilItIsWritten(@TempDir Path folder) {
        try (TestServices services = TestServices.open(StorageEngine.H2, folder);
                AuditLog auditLog = new AuditLog(services.database, services.options, services.clock, 2)) {
            services.stores.create("ccccc", "Here", false, List.of("localhost"));
            Customer ada = services.customer("ccccc", "ada@example.com");
            String clientId = services.apps.create(NewApp.named("App")).app().clientId();
            Metrics metrics = new Metrics();
            Issuance issuance = new Issuance(
                    new IssuanceReader(services.database, services.sessions),
                    SessionLimits.of(services.options),
                    services.lastSeen,
                    new IssuanceRate(services.options, Optional.empty()),
                    new TokenIssuer(services.masterKey, auditLog),
                    metrics,
                    services.clock);
            Routes routes = new Routes(Set.of("GET"))
                    .on(
                            "GET",
                            CurrentCustomerEndpoint.PATH,
                            new CurrentJwt(
                                    new ServerStorefront(
                                            issuance,
                                            services.stores,
                                            auditLog,
                                            metrics,
                                            new OutageLog(services.clock)),
                                    metrics));
            HttpServer http =
                    HttpServer.start(listener(services, routes), listener(services, new Routes(Set.of("GET"))));
            try {
                Call call = Call.to(
                                http.storefrontPort(),
                                "GET",
                                CurrentCustomerEndpoint.PATH + "?app_client_id=" + clientId)
                        .with(
                                "Cookie",
                                "SHOP_SESSION_TOKEN=" + services.session(ada).reveal());
                assertThat(call.send().outcome()).isEqualTo("200");
                assertThat(call.send().outcome()).isEqualTo("200");

                Answer full = call.send();
                assertThat(full.outcome()).isEqualTo("503 unavailable");
                assertThat(full.header("Retry-After")).contains("1");

                auditLog.write();
                assertThat(call.send().outcome()).isEqualTo("200");
            } finally {
                http.stop();
            }
            auditLog.write();
            assertThat(services.activity.countsOfApp(
                            clientId,
                            new Span(
                                    services.clock.instant(),
                                    services.clock.instant().plusSeconds(1))))
                    .extracting(HourlyCount::outcome, HourlyCount::times)
                    .containsExactly(tuple("issued", 3L), tuple("unavailable", 1L));
        }
    }

    @Test
    void close_writesWhatWasIssuedUntilThen() throws SQLException {
        try (TestServer server = TestServer.start()) {
            Call signedIn = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
            for (int i = 0; i < 20; i++) {
                assertThat(signedIn.send().outcome()).isEqualTo("200");
            }
            server.patron().close();

            try (Connection connection = server.database();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select count(*) from disclosure")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(20);
            }
        }
    }

    private static Listener listener(TestServices services, Routes routes) {
        return new Listener(
                ListenerKind.STOREFRONT,
                services.options.with(Options.STOREFRONT_PORT, 0),
                routes,
                (exchange, problem) -> exchange.sendJson(problem.status(), problem.toErrorsJson()),
                new Metrics(),
                Traces.OFF,
                services.clock);
    }

    private static Map<String, Long> counts(TestServer server) {
        Map<String, Long> counts = new TreeMap<>();
        Span day = new Span(server.clock().instant(), server.clock().instant().plus(Duration.ofDays(1)));
        server.patron()
                .services()
                .activity
                .countsOfStore(TestServer.STORE, Optional.empty(), day)
                .forEach(count -> counts.merge(count.outcome(), count.times(), Long::sum));
        return counts;
    }
}
