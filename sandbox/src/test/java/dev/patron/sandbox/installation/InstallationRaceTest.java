package dev.patron.sandbox.installation;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.sandbox.installation.AuthorizationCodes.Claim;
import dev.patron.sandbox.installation.AuthorizationCodes.Consent;
import dev.patron.sandbox.installation.AuthorizationCodes.Exchange;
import dev.patron.server.TestServer;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.Database;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Installing and uninstalling at the same moment: whatever comes first, what is left fits together. */
class InstallationRaceTest {

    private static final int ROUNDS = 20;
    private static final String CALLBACK = "https://app.example/auth";
    private static final Set<StoreScope> SCOPES =
            EnumSet.of(StoreScope.STORE_V2_ORDERS, StoreScope.STORE_V2_CUSTOMERS_LOGIN);

    private TestServer server;
    private Installations installations;
    private AuthorizationCodes codes;

    @BeforeEach
    void start() {
        AtomicReference<InstallationModule> module = new AtomicReference<>();
        server = TestServer.start(patron -> module.set(InstallationModule.addTo(patron)));
        installations = module.get().installations();
        codes = new AuthorizationCodes(server.patron().services().database, installations, server.clock());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void exchangeBesideUninstalling_leavesNothing() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String before = installations.install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
            BearerSecret code = code();
            Callable<Optional<BearerSecret>> exchange = () -> exchange(code);
            Callable<Optional<BearerSecret>> uninstall = () -> {
                assertThat(installations.uninstall(STORE, CLIENT_ID, 1)).isTrue();
                return Optional.empty();
            };

            Optional<BearerSecret> token =
                    Together.run(List.of(exchange, uninstall)).getFirst();

            boolean installed = installations.find(STORE, CLIENT_ID).isPresent();
            assertThat(installations.find(before).isPresent()).isFalse();
            // Uninstalling takes the code along as well as the token: whichever came first, nothing is left.
            assertThat(installed).isFalse();
            assertThat(token.flatMap(given -> installations.find(given.reveal()))
                            .isPresent())
                    .isEqualTo(installed);
            assertThat(server.patron().services().logins.permitted(STORE).contains(CLIENT_ID))
                    .isEqualTo(installed);
            installations.uninstall(STORE, CLIENT_ID, 1);
        }
    }

    @Test
    void installationsAtOnce_areOneInstallation_andEachHasItsToken() throws Exception {
        Callable<String> install = () -> installations.install(STORE, CLIENT_ID, Set.of("store_v2_orders"));

        List<String> tokens = Together.run(List.of(install, install, install, install, install));

        assertThat(installations.ofStore(STORE)).hasSize(1);
        assertThat(tokens)
                .doesNotHaveDuplicates()
                .allSatisfy(token -> assertThat(installations.find(token)).isPresent());
    }

    @Test
    void sameUserOnTwoNodesAtOnce_isNotedOnce() throws Exception {
        installations.install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        Installation installation = installations.find(STORE, CLIENT_ID).orElseThrow();
        try (Database node = Database.open(TestServices.options(server.data()))) {
            Installations there = new Installations(node, server.patron().services().logins, server.clock());
            for (long member = 1; member <= ROUNDS; member++) {
                long memberId = member;
                Callable<Boolean> here = () -> note(installations, installation, memberId);

                Together.run(List.of(here, () -> note(there, installation, memberId), here));

                assertThat(installations.usersAt(installation.storeHash()).get(installation.id()))
                        .hasSize((int) member)
                        .contains(memberId);
            }
        }
    }

    private static boolean note(Installations node, Installation installation, long memberId) {
        node.noteUser(installation, memberId);
        return true;
    }

    @Test
    void tokensBeyondTheLatestTwenty_areOfNoUse() {
        String first = installations.install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        for (int i = 1; i < 20; i++) {
            server.clock().advance(java.time.Duration.ofSeconds(1));
            installations.install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        }
        assertThat(installations.find(first)).isPresent();
        server.clock().advance(java.time.Duration.ofSeconds(1));
        String last = installations.install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        assertThat(installations.find(first)).isEmpty();
        assertThat(installations.find(last)).isPresent();
    }

    private BearerSecret code() {
        return codes.create(new Consent(CLIENT_ID, STORE, 1, CALLBACK, SCOPES));
    }

    private Optional<BearerSecret> exchange(BearerSecret code) {
        Exchange exchange =
                codes.exchange(code.reveal(), new Claim(CLIENT_ID, "stores/" + STORE, CALLBACK, Optional.of(SCOPES)));
        return exchange instanceof Exchange.Granted granted ? Optional.of(granted.token()) : Optional.empty();
    }
}
