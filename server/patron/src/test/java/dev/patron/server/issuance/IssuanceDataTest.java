package dev.patron.server.issuance;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.HOST_B;
import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.TestServices.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.Outcome;
import dev.patron.server.OnEachSessionEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
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
class IssuanceDataTest {

    private final StorageEngine engine;
    private TestServices services;
    private Customer ada;
    private BearerSecret session;
    private Apps.Registered app;

    IssuanceDataTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        ada = services.customer(STORE_A, "ada@example.com");
        session = services.session(ada);
        app = services.apps.create(NewApp.named("App"));
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void read_everythingThere_isAllOfIt() {
        IssuanceData data = known(HOST_A, session);

        assertThat(data.storeHash()).isEqualTo(STORE_A);
        assertThat(data.vouching())
                .isEqualTo(new IssuanceData.Vouching(
                        ada.key(),
                        ada.id(),
                        "ada@example.com",
                        ada.groupId(),
                        false,
                        TestClock.START,
                        TestClock.START));
        IssuanceData.SigningApp signing = Objects.requireNonNull(data.app());
        assertThat(signing.algorithm()).isEqualTo(JwsAlgorithm.HS256);
        assertThat(signing.allowed()).isTrue();
        assertThat(signing.secretId()).isEqualTo(app.app().secrets().getFirst().id());
        assertThat(services.masterKey.open(app.app().clientId(), signing.sealed()))
                .isEqualTo(app.secret());
    }

    @Test
    void read_hostOfNoStore_isNull() {
        assertThat(read("c.example", session, app.app().clientId())).isNull();
    }

    @Test
    void read_otherStoresHost_hasNobodyToVouchFor() {
        IssuanceData data = known(HOST_B, session);

        assertThat(data.storeHash()).isEqualTo(STORE_B);
        assertThat(data.vouching()).isNull();
        assertThat(data.app()).isNotNull();
    }

    @Test
    void read_unknownApp_vouchesWithoutOne() {
        IssuanceData data = Objects.requireNonNull(read(HOST_A, session, "x".repeat(31)));

        assertThat(data.vouching()).isNotNull();
        assertThat(data.app()).isNull();
    }

    @Test
    void read_whatChanged_countsAtOnce() {
        assertThat(Objects.requireNonNull(known(HOST_A, session).vouching()).disabled())
                .isFalse();

        services.database.with(handle ->
                handle.execute("update customer set group_id = 9, disabled = true where customer_key = ?", ada.key()));
        services.apps.setAllowedAt(STORE_A, app.app().clientId(), false);

        IssuanceData data = known(HOST_A, session);
        assertThat(Objects.requireNonNull(data.vouching()).disabled()).isTrue();
        assertThat(Objects.requireNonNull(data.vouching()).groupId()).isEqualTo(9);
        assertThat(Objects.requireNonNull(data.app()).allowed()).isFalse();
    }

    @Test
    void issue_oldSession_notesThatItIsInUse() {
        services.clock.advance(Duration.ofMinutes(5));

        assertThat(TestServices.name(services.issue(HOST_A, session, app.app().clientId())))
                .isEqualTo("issued");
        services.lastSeen.write();

        assertThat(Objects.requireNonNull(known(HOST_A, session).vouching()).lastSeenAt())
                .isEqualTo(services.clock.instant());
    }

    /** Also while the tables are small: H2 stays with a plan that it has made for few rows. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void query_looksUpEachTableByItsPrimaryKey(boolean aboutOrigin) {
        String plan = services.database.transaction(handle -> {
            // It would rather read small tables as a whole, and makes a new plan when they are large.
            if (engine != StorageEngine.H2) {
                handle.execute("set local enable_seqscan = off");
            }
            boolean elsewhere = services.sessions instanceof ValkeySessions;
            String query = new IssuanceReader(services.database, services.sessions).query(aboutOrigin);
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
                explain.setObject(next++, Database.moment(services.clock.instant()));
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
        IssuanceData data = known(HOST_A, session);
        Outcome outcome = services.issue(HOST_A, session, app.app().clientId());

        assertThat(data.toString())
                .contains(STORE_A)
                .doesNotContain("ada@example.com")
                .doesNotContain("example");
        assertThat(outcome.toString()).isEqualTo("Issued[***]");
    }

    @Test
    void origin_mayAskForTheAppThatListsIt_whereItIsAllowed() {
        String clientId = listing("https://app.example");

        assertThat(origin(HOST_A, clientId, "https://app.example")).isEqualTo(new IssuanceData.Origin("http", true));
        assertThat(origin(HOST_B, clientId, "https://app.example")).isEqualTo(new IssuanceData.Origin("https", true));
        assertThat(origin(HOST_A, app.app().clientId(), "https://app.example"))
                .isEqualTo(new IssuanceData.Origin("http", false));
        assertThat(origin(HOST_A, "x".repeat(31), "https://app.example"))
                .isEqualTo(new IssuanceData.Origin("http", false));
        for (String other : List.of("http://app.example", "https://app.example:8443", "", "null")) {
            assertThat(origin(HOST_A, clientId, other)).isEqualTo(new IssuanceData.Origin("http", false));
        }
        assertThat(services.issuance
                        .lookUp("c.example", session, clientId, "https://app.example")
                        .originMayAsk())
                .isFalse();

        services.apps.setAllowedAt(STORE_A, clientId, false);
        assertThat(origin(HOST_A, clientId, "https://app.example")).isEqualTo(new IssuanceData.Origin("http", false));
        assertThat(origin(HOST_B, clientId, "https://app.example")).isEqualTo(new IssuanceData.Origin("https", true));
        services.apps.setDisabled(clientId, OptionalLong.empty(), true);
        assertThat(origin(HOST_B, clientId, "https://app.example")).isEqualTo(new IssuanceData.Origin("https", false));
    }

    @Test
    void lookUp_takesOneQuery_alsoAboutAnOrigin_andWithoutASession() {
        String clientId = listing("https://app.example");
        long before = services.database.statements();

        assertThat(TestServices.name(Outcome.of(services.issuance.lookUp(HOST_A, session, clientId, null), true)))
                .isEqualTo("issued");
        assertThat(services.database.statements() - before).isEqualTo(1);
        assertThat(TestServices.name(
                        Outcome.of(services.issuance.lookUp(HOST_A, session, clientId, "https://app.example"), true)))
                .isEqualTo("issued");
        assertThat(services.database.statements() - before).isEqualTo(2);
        assertThat(TestServices.name(
                        Outcome.of(services.issuance.lookUp(HOST_A, null, clientId, "https://app.example"), true)))
                .isEqualTo("not_signed_in");
        assertThat(services.database.statements() - before).isEqualTo(3);
    }

    private String listing(String origin) {
        return services.apps
                .create(
                        TestServices.newApp(
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

    private IssuanceData.@Nullable Origin origin(String host, String clientId, String origin) {
        return Objects.requireNonNull(services.issuance
                        .lookUp(host, session, clientId, origin)
                        .data())
                .origin();
    }

    private IssuanceData known(String host, BearerSecret id) {
        return Objects.requireNonNull(read(host, id, app.app().clientId()));
    }

    private @Nullable IssuanceData read(String host, BearerSecret id, String clientId) {
        return services.issuance.lookUp(host, id, clientId, null).data();
    }
}
