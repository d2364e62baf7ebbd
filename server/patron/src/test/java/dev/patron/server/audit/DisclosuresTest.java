package dev.patron.server.audit;

import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.audit.Tokens.APP;
import static dev.patron.server.audit.Tokens.OTHER_APP;
import static dev.patron.server.audit.Tokens.at;
import static dev.patron.server.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.Customer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class DisclosuresTest {

    private final StorageEngine engine;
    private TestServices services;
    private Disclosures disclosures;
    private Customer ada;
    private Customer bob;

    DisclosuresTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        disclosures = services.disclosures;
        ada = services.customer(STORE_A, "ada@example.com");
        bob = services.customer(STORE_A, "bob@example.com");
    }

    @AfterEach
    void close() {
        services.close();
    }

    /** Rows with one and rows with several, in turns; each disclosure has a moment of its own. */
    private List<Disclosure> fill() {
        List<Disclosure> expected = new ArrayList<>();
        Random random = new Random(7);
        int millis = 0;
        for (int batch : new int[] {3, 150, 1, 400, 2}) {
            for (int i = 0; i < batch; i++) {
                Customer customer = random.nextInt(10) == 0 ? ada : bob;
                String app = random.nextInt(3) == 0 ? OTHER_APP : APP;
                millis += 2_000;
                services.auditLog.disclosed(token(STORE_A, app, customer.key(), millis));
                expected.add(new Disclosure(
                        at(millis),
                        STORE_A,
                        app,
                        List.of("id", "email", "group_id"),
                        1,
                        OptionalLong.of(customer.id())));
            }
            services.auditLog.write();
        }
        return expected;
    }

    @Test
    void ofStore_withEachFilter_isWhatItPicks_onPagesOfAnySize() {
        List<Disclosure> all = fill();
        Span span = new Span(at(100_000), at(700_000));
        for (OptionalLong customer :
                List.of(OptionalLong.empty(), OptionalLong.of(ada.id()), OptionalLong.of(bob.id()))) {
            for (Optional<String> app : List.of(Optional.<String>empty(), Optional.of(APP), Optional.of(OTHER_APP))) {
                for (Span time : List.of(Span.ALWAYS, span)) {
                    DisclosureFilter filter = new DisclosureFilter(app, customer, time);
                    Disclosure[] expected = all.stream()
                            .filter(one -> app.isEmpty() || app.get().equals(one.clientId()))
                            .filter(one -> customer.isEmpty() || customer.equals(one.customerId()))
                            .filter(one -> time.contains(one.at()))
                            .toArray(Disclosure[]::new);
                    assertThat(expected).isNotEmpty();
                    for (int limit : new int[] {1, 7, 100, 1000}) {
                        assertThat(pages(filter, limit))
                                .as("%s, %s a page", filter, limit)
                                .containsExactlyInAnyOrder(expected);
                    }
                }
            }
        }
    }

    @Test
    void ofStore_isTheLatestFirst() {
        services.auditLog.disclosed(token(STORE_A, APP, ada.key(), 1));
        services.auditLog.disclosed(token(STORE_A, OTHER_APP, ada.key(), 2));
        services.auditLog.write();
        for (int i = 3; i < 200; i++) {
            services.auditLog.disclosed(token(STORE_A, APP, ada.key(), i));
        }
        services.auditLog.write();
        services.auditLog.disclosed(token(STORE_A, APP, ada.key(), 200));
        services.auditLog.write();

        assertThat(pages(DisclosureFilter.ALL, 30))
                .hasSize(200)
                .extracting(Disclosure::at)
                .isSortedAccordingTo(Comparator.<Instant>naturalOrder().reversed());
    }

    @Test
    void ofStore_lastPage_hasNoNext() {
        fill();
        Page<Disclosure> first = disclosures.ofStore(STORE_A, DisclosureFilter.ALL, Cursor.START, 555);
        assertThat(first.items()).hasSize(555);
        Page<Disclosure> last =
                disclosures.ofStore(STORE_A, DisclosureFilter.ALL, first.next().orElseThrow(), 1);

        assertThat(last.items()).hasSize(1);
        assertThat(last.next()).isEmpty();
        assertThat(disclosures
                        .ofStore(STORE_A, DisclosureFilter.ALL, Cursor.START, 556)
                        .next())
                .isEmpty();
    }

    @Test
    void ofStore_pageOutOfBounds_isRefused() {
        for (int limit : new int[] {0, -1, Page.MOST + 1}) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> disclosures.ofStore(STORE_A, DisclosureFilter.ALL, Cursor.START, limit));
        }
    }

    @Test
    void ofStore_aboutACustomerWhoIsNotThere_isEmpty() {
        fill();

        assertThat(pages(DisclosureFilter.ALL.about(99), 10)).isEmpty();
    }

    @Test
    void ofApp_isWhatThatAppReceivedSinceItIsThere() {
        String clientId = services.apps.create(NewApp.named("App")).app().clientId();
        services.auditLog.disclosed(token(STORE_A, clientId, ada.key(), -1));
        services.auditLog.disclosed(token(STORE_A, clientId, ada.key(), 1));
        services.auditLog.disclosed(token(STORE_A, APP, ada.key(), 2));
        services.auditLog.write();

        assertThat(disclosures.ofApp(clientId, Span.ALWAYS, Cursor.START, 10).items())
                .extracting(Disclosure::at)
                .containsExactly(at(1));
        assertThat(disclosures.ofApp(APP, Span.ALWAYS, Cursor.START, 10).items())
                .as("there is no such app any more")
                .isEmpty();
    }

    @Test
    void queries_useAnIndexForTheirOrder() {
        fill();
        for (Disclosures.Search search : List.of(
                new Disclosures.Search(STORE_A, null, null, Span.ALWAYS),
                new Disclosures.Search(STORE_A, APP, null, Span.ALWAYS),
                new Disclosures.Search(null, APP, null, Span.ALWAYS),
                new Disclosures.Search(STORE_A, null, ada.key(), Span.ALWAYS))) {
            int ranges = search.customerKey() == null ? 1 : 2;
            String plan = plan(search);
            if (engine == StorageEngine.POSTGRESQL) {
                assertThat(plan).doesNotContain("Seq Scan").doesNotContain("Bitmap");
                assertThat(plan.split("Limit .*\n *->  Index Scan using", -1))
                        .as(plan)
                        .hasSize(1 + ranges);
            } else {
                assertThat(plan.split("index sorted", -1)).as(plan).hasSize(1 + ranges);
            }
        }
    }

    private String plan(Disclosures.Search search) {
        return services.database.transaction(handle -> {
            // It would rather read small tables as a whole, and sort few rows.
            if (engine == StorageEngine.POSTGRESQL) {
                handle.execute("set local enable_seqscan = off");
                handle.execute("set local enable_bitmapscan = off");
                handle.execute("set local enable_sort = off");
            }
            return String.join(
                    "\n",
                    Disclosures.query(handle, "explain ", search, new Cursor(at(100_000), 7, 0), 10)
                            .mapTo(String.class)
                            .list());
        });
    }

    @Test
    void export_isCsvOfAllThatTheFilterPicks() throws IOException {
        StringBuilder nothing = new StringBuilder();
        disclosures.export(STORE_A, DisclosureFilter.ALL, nothing);
        assertThat(nothing.toString())
                .isEqualTo("disclosed_at,store_hash,app_client_id,customer_id,claims,secret_id\r\n");

        for (int i = 0; i < 2_500; i++) {
            services.auditLog.disclosed(token(STORE_A, APP, i == 0 ? 99 : ada.key(), i));
        }
        services.auditLog.disclosed(token(STORE_A, OTHER_APP, ada.key(), 1));
        services.auditLog.write();
        StringBuilder out = new StringBuilder();
        disclosures.export(STORE_A, DisclosureFilter.ALL.to(APP), out);

        List<String> lines = List.of(out.toString().split("\r\n", -1));
        assertThat(lines).hasSize(1 + 2_500 + 1);
        assertThat(lines.get(1)).isEqualTo("2026-03-01T12:00:02.499Z,aaaaa," + APP + ",1,id email group_id,1");
        assertThat(lines.get(2_500)).isEqualTo("2026-03-01T12:00:00Z,aaaaa," + APP + ",,id email group_id,1");
    }

    @Test
    void span_thatEndsBeforeItBegins_isRefused() {
        assertThat(new Span(at(1), at(1)).length()).isEqualTo(Duration.ZERO);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new Span(at(1), at(0)));
    }

    private List<Disclosure> pages(DisclosureFilter filter, int limit) {
        List<Disclosure> all = new ArrayList<>();
        Optional<Cursor> next = Optional.of(Cursor.START);
        while (next.isPresent()) {
            Page<Disclosure> page = disclosures.ofStore(STORE_A, filter, next.get(), limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            // As a URL carries it.
            next = page.next().map(Cursor::text).map(text -> Cursor.parse(text).orElseThrow());
        }
        return all;
    }
}
