package dev.patron.server.issuing;

import static dev.patron.server.TestRooms.HOST_A;
import static dev.patron.server.TestRooms.HOST_B;
import static dev.patron.server.TestRooms.STORE_A;
import static dev.patron.server.TestRooms.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.Outcome;
import dev.patron.server.OnEachSessionEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestRooms;
import dev.patron.server.app.Apps;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.Customer;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.ValkeySessions;
import dev.patron.server.sql.Database;
import dev.patron.token.JwsAlgorithm;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one query of the hot path. */
@OnEachSessionEngine
class FactsTest {

    private final StorageEngine engine;
    private TestRooms rooms;
    private Customer ada;
    private BearerSecret session;
    private Apps.Registered app;

    FactsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        rooms = TestRooms.open(engine, folder);
        ada = rooms.customer(STORE_A, "ada@example.com");
        session = rooms.session(ada);
        app = rooms.apps.create(NewApp.named("App"));
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void read_everythingThere_isAllOfIt() {
        Facts facts = known(HOST_A, session);

        assertThat(facts.storeHash()).isEqualTo(STORE_A);
        assertThat(facts.vouching())
                .isEqualTo(new Facts.Vouching(
                        ada.key(),
                        ada.id(),
                        "ada@example.com",
                        ada.groupId(),
                        false,
                        TestClock.START,
                        TestClock.START));
        Facts.SigningApp signing = Objects.requireNonNull(facts.app());
        assertThat(signing.algorithm()).isEqualTo(JwsAlgorithm.HS256);
        assertThat(signing.allowed()).isTrue();
        assertThat(signing.secretId()).isEqualTo(app.app().secrets().getFirst().id());
        assertThat(rooms.masterKey.open(app.app().clientId(), signing.sealed())).isEqualTo(app.secret());
    }

    @Test
    void read_hostOfNoStore_isNull() {
        assertThat(read("c.example", session, app.app().clientId())).isNull();
    }

    @Test
    void read_otherStoresHost_hasNobodyToVouchFor() {
        Facts facts = known(HOST_B, session);

        assertThat(facts.storeHash()).isEqualTo(STORE_B);
        assertThat(facts.vouching()).isNull();
        assertThat(facts.app()).isNotNull();
    }

    @Test
    void read_unknownApp_vouchesWithoutOne() {
        Facts facts = Objects.requireNonNull(read(HOST_A, session, "x".repeat(31)));

        assertThat(facts.vouching()).isNotNull();
        assertThat(facts.app()).isNull();
    }

    @Test
    void read_whatChanged_countsAtOnce() {
        assertThat(Objects.requireNonNull(known(HOST_A, session).vouching()).disabled())
                .isFalse();

        rooms.database.with(handle ->
                handle.execute("update customer set group_id = 9, disabled = true where customer_key = ?", ada.key()));
        rooms.apps.setAllowedAt(STORE_A, app.app().clientId(), false);

        Facts facts = known(HOST_A, session);
        assertThat(Objects.requireNonNull(facts.vouching()).disabled()).isTrue();
        assertThat(Objects.requireNonNull(facts.vouching()).groupId()).isEqualTo(9);
        assertThat(Objects.requireNonNull(facts.app()).allowed()).isFalse();
    }

    @Test
    void issue_oldSession_notesThatItIsInUse() {
        rooms.clock.advance(Duration.ofMinutes(5));

        assertThat(TestRooms.name(rooms.issue(HOST_A, session, app.app().clientId())))
                .isEqualTo("issued");
        rooms.lastSeen.write();

        assertThat(Objects.requireNonNull(known(HOST_A, session).vouching()).lastSeenAt())
                .isEqualTo(rooms.clock.instant());
    }

    /** Also while the tables are small: H2 stays with a plan that it has made for few rows. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void query_looksUpEachTableByItsPrimaryKey(boolean aboutOrigin) {
        String plan = rooms.database.transaction(handle -> {
            // It would rather read small tables as a whole, and makes a new plan when they are large.
            if (engine != StorageEngine.H2) {
                handle.execute("set local enable_seqscan = off");
            }
            boolean elsewhere = rooms.sessions instanceof ValkeySessions;
            String plain = elsewhere ? Facts.QUERY_WITH_SESSION : Facts.QUERY;
            String about = elsewhere ? Facts.QUERY_WITH_SESSION_ABOUT_ORIGIN : Facts.QUERY_ABOUT_ORIGIN;
            String query = aboutOrigin ? about : plain;
            try (PreparedStatement explain = handle.getConnection().prepareStatement("explain " + query)) {
                int next = 1;
                explain.setLong(next++, session.hash().key());
                if (elsewhere) {
                    explain.setLong(next++, ada.key());
                    explain.setLong(next++, 0);
                } else {
                    explain.setBytes(next++, session.hash().toBytes());
                }
                explain.setString(next++, app.app().clientId());
                explain.setObject(next++, Database.moment(rooms.clock.instant()));
                if (aboutOrigin) {
                    explain.setString(next++, "https://app.example");
                }
                explain.setString(next, HOST_A);
                StringBuilder lines = new StringBuilder();
                try (ResultSet row = explain.executeQuery()) {
                    while (row.next()) {
                        lines.append(row.getString(1)).append('\n');
                    }
                }
                return lines.toString();
            }
        });

        int tables = aboutOrigin ? 9 : 6;
        if (engine != StorageEngine.H2) {
            assertThat(plan).doesNotContain("Seq Scan").doesNotContain("Bitmap");
            assertThat(plan.split("Index (?:Only )?Scan using \\w+_pkey", -1))
                    .as(plan)
                    .hasSize(1 + tables);
        } else {
            assertThat(plan).doesNotContain("tableScan").doesNotContain("INDEX");
            assertThat(plan.split("PRIMARY_KEY", -1)).hasSize(1 + tables);
        }
    }

    @Test
    void toString_tellsNoAddressNoSecretNoToken() {
        Facts facts = known(HOST_A, session);
        Outcome outcome = rooms.issue(HOST_A, session, app.app().clientId());

        assertThat(facts.toString())
                .contains(STORE_A)
                .doesNotContain("ada@example.com")
                .doesNotContain("example");
        assertThat(outcome.toString()).isEqualTo("Issued[***]");
    }

    @Test
    void origin_mayAskForTheAppThatListsIt_whereItIsAllowed() {
        String clientId = listing("https://app.example");

        assertThat(origin(HOST_A, clientId, "https://app.example")).isEqualTo(new Facts.Origin("http", true));
        assertThat(origin(HOST_B, clientId, "https://app.example")).isEqualTo(new Facts.Origin("https", true));
        assertThat(origin(HOST_A, app.app().clientId(), "https://app.example"))
                .isEqualTo(new Facts.Origin("http", false));
        assertThat(origin(HOST_A, "x".repeat(31), "https://app.example")).isEqualTo(new Facts.Origin("http", false));
        for (String other : List.of("http://app.example", "https://app.example:8443", "", "null")) {
            assertThat(origin(HOST_A, clientId, other)).isEqualTo(new Facts.Origin("http", false));
        }
        assertThat(rooms.issuing
                        .lookUp("c.example", session, clientId, "https://app.example")
                        .originMayAsk())
                .isFalse();

        rooms.apps.setAllowedAt(STORE_A, clientId, false);
        assertThat(origin(HOST_A, clientId, "https://app.example")).isEqualTo(new Facts.Origin("http", false));
        assertThat(origin(HOST_B, clientId, "https://app.example")).isEqualTo(new Facts.Origin("https", true));
        rooms.apps.setDisabled(clientId, OptionalLong.empty(), true);
        assertThat(origin(HOST_B, clientId, "https://app.example")).isEqualTo(new Facts.Origin("https", false));
    }

    @Test
    void lookUp_takesOneQuery_alsoAboutAnOrigin_andWithoutASession() {
        String clientId = listing("https://app.example");
        long before = rooms.database.statements();

        assertThat(TestRooms.name(Outcome.of(rooms.issuing.lookUp(HOST_A, session, clientId, null), true)))
                .isEqualTo("issued");
        assertThat(rooms.database.statements() - before).isEqualTo(1);
        assertThat(TestRooms.name(
                        Outcome.of(rooms.issuing.lookUp(HOST_A, session, clientId, "https://app.example"), true)))
                .isEqualTo("issued");
        assertThat(rooms.database.statements() - before).isEqualTo(2);
        assertThat(TestRooms.name(
                        Outcome.of(rooms.issuing.lookUp(HOST_A, null, clientId, "https://app.example"), true)))
                .isEqualTo("not_signed_in");
        assertThat(rooms.database.statements() - before).isEqualTo(3);
    }

    private String listing(String origin) {
        return rooms.apps
                .create(
                        TestRooms.newApp(
                                "Listing",
                                "",
                                Optional.empty(),
                                Optional.empty(),
                                JwsAlgorithm.HS256,
                                Set.of(),
                                Set.of(),
                                Set.of(origin)),
                        true)
                .app()
                .clientId();
    }

    private Facts.@Nullable Origin origin(String host, String clientId, String origin) {
        return Objects.requireNonNull(
                        rooms.issuing.lookUp(host, session, clientId, origin).facts())
                .origin();
    }

    private Facts known(String host, BearerSecret id) {
        return Objects.requireNonNull(read(host, id, app.app().clientId()));
    }

    private @Nullable Facts read(String host, BearerSecret id, String clientId) {
        return rooms.issuing.lookUp(host, id, clientId, null).facts();
    }
}
