package dev.patron.server;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.HOST_B;
import static dev.patron.server.TestServices.PASSWORD;
import static dev.patron.server.TestServices.STORE_A;
import static dev.patron.server.TestServices.STORE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.patron.endpoint.Outcome;
import dev.patron.server.app.App;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.Apps;
import dev.patron.server.app.DeletedApp;
import dev.patron.server.app.NewApp;
import dev.patron.server.app.OriginApprovals;
import dev.patron.server.app.StoreOrigin;
import dev.patron.server.audit.Activity;
import dev.patron.server.audit.AuditLog;
import dev.patron.server.audit.Cursor;
import dev.patron.server.audit.Disclosure;
import dev.patron.server.audit.DisclosureFilter;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.audit.HourlyCount;
import dev.patron.server.audit.Refusal;
import dev.patron.server.audit.Span;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordCheck;
import dev.patron.server.customer.PasswordLinks;
import dev.patron.server.customer.SignIn;
import dev.patron.server.customer.SignIn.Refused;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.issuance.Issuance;
import dev.patron.server.issuance.IssuanceReader;
import dev.patron.server.issuance.TestTokens;
import dev.patron.server.issuance.TokenIssuer;
import dev.patron.server.script.InvalidScriptException;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.PageScripts;
import dev.patron.server.script.Place;
import dev.patron.server.script.Script;
import dev.patron.server.script.ScriptDetails;
import dev.patron.server.script.Scripts;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.Sessions;
import dev.patron.server.session.StoreSession;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two stores whose customers have the same address and the same id, told apart by nothing but the store. */
@OnEachSessionEngine
class TenantIsolationTest {

    private static final String EMAIL = "ada@example.com";
    private static final String PASSWORD_AT_B = "another horse battery";

    private final StorageEngine engine;
    private TestServices services;
    private Customer atA;
    private Customer atB;
    private BearerSecret sessionA;
    private BearerSecret sessionB;
    private Apps.Registered everywhere;
    private Apps.Registered onlyA;

    TenantIsolationTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services =
                TestServices.open(engine, folder, "patron.sign-in.attempts-per-account=3", "patron.sign-in.window=1d");
        atA = services.customer(STORE_A, EMAIL);
        atB = services.customer(STORE_B, EMAIL, PASSWORD_AT_B);
        sessionA = services.session(atA);
        sessionB = services.session(atB);
        everywhere = services.apps.create(NewApp.named("Everywhere"));
        NewApp plain = NewApp.named("Only at A");
        onlyA = services.apps.create(TestServices.newApp(
                plain.details().name(),
                plain.details().description(),
                Optional.empty(),
                Optional.empty(),
                plain.details().algorithm(),
                plain.details().extraClaims(),
                Set.of(STORE_A),
                plain.details().origins()));
    }

    @AfterEach
    void close() {
        services.close();
    }

    /** A method added to one of these classes needs a test here, and its name in this list. */
    @Test
    void everyQuery_hasATestHere() {
        assertThat(publicMethods(Stores.class))
                .containsExactlyInAnyOrder(
                        "create",
                        "atHost",
                        "find",
                        "list",
                        "hosts",
                        // About all stores, and about one by its hash; StoresTest.
                        "openToDevelopers",
                        "update");
        assertThat(publicMethods(Customers.class))
                .containsExactlyInAnyOrder(
                        "create",
                        "signUp",
                        "importCustomer",
                        "signIn",
                        "check",
                        "find",
                        "findByKey",
                        // Of one customer, by their key; KnownDevicesTest.
                        "rememberDevice",
                        // Of one customer, by their key; CustomersTest.
                        "signOutEverywhere",
                        "first",
                        "search",
                        "count",
                        "changePassword",
                        "update",
                        "setDisabled",
                        "erase");
        assertThat(publicMethods(Sessions.class))
                .containsExactlyInAnyOrder(
                        // By the hash of a session's id, or of nobody's in particular; SessionsTest.
                        "of",
                        // How issuing finds one: Issuance, below.
                        "lookUp",
                        "seen",
                        "beginning",
                        "beginFirst",
                        "renewing",
                        "find",
                        "list",
                        "ofStore",
                        "count",
                        "end",
                        "endAll",
                        "sweep");
        assertThat(publicMethods(PasswordLinks.class)).containsExactlyInAnyOrder("create", "look", "reset");
        assertThat(publicMethods(Apps.class))
                .containsExactlyInAnyOrder(
                        "create",
                        "find",
                        "list",
                        "countAllowedAt",
                        // Of one app, whatever its stores; RotationTest and AppsTest.
                        "listOf",
                        "owner",
                        "count",
                        "update",
                        "delete",
                        "deleteByOperator",
                        "isDeleted",
                        "setDisabled",
                        "setBlocked",
                        "setDisabledByOperator",
                        "origins",
                        "deletedWhileBarred",
                        "setAllowedAt",
                        // Asks whether any secret can be opened, of no store and of no app; MasterKeyTest.
                        "requireMasterKey");
        assertThat(publicMethods(OriginApprovals.class))
                .containsExactlyInAnyOrder(
                        // Of one app, whatever its stores; OverrideTest.
                        "ofApp", "decideEverywhere", "atStore", "undecided", "decide");
        assertThat(publicMethods(TestTokens.class)).containsExactly("issue");
        assertThat(publicMethods(Issuance.class)).containsExactly("lookUp");
        assertThat(publicMethods(Disclosures.class))
                .containsExactlyInAnyOrder(
                        "ofStore",
                        "export",
                        // Of one app, whatever its stores; DisclosuresTest.
                        "ofApp");
        assertThat(publicMethods(Activity.class))
                .containsExactlyInAnyOrder(
                        "countsOfStore",
                        "refusalsOfStore",
                        // Of one app, whatever its stores; ActivityTest.
                        "countsOfApp",
                        "refusalsOfApp");
        assertThat(publicMethods(AuditLog.class))
                .containsExactlyInAnyOrder(
                        // How much is not written yet, and how much was refused, of all stores; MetricsApiTest,
                        // LedgerTest.
                        "waiting",
                        "setAside",
                        "lag",
                        "erase",
                        // Of what each token and each refusal says; LedgerTest.
                        "disclosed",
                        "refused",
                        // Of no store in particular; LedgerTest.
                        "write",
                        "sweep",
                        "close");
        assertThat(publicMethods(Scripts.class))
                .containsExactlyInAnyOrder("create", "find", "list", "on", "update", "remove");
    }

    @Test
    void stores_update_changesNoOtherStore() {
        assertThat(services.stores.update(STORE_A, OptionalLong.empty(), store -> store.openToDevelopers(true)))
                .isPresent();

        assertThat(services.stores.atHost(HOST_A)).map(Store::openToDevelopers).contains(true);
        assertThat(services.stores.atHost(HOST_B)).contains(new Store(STORE_B, "Store B", true, false, 1));
    }

    @Test
    void customers_search_findsThatStoresOnly() {
        assertThat(services.customers.search(STORE_A, "", 0, 10)).containsExactly(atA);
        assertThat(services.customers.search(STORE_B, EMAIL, 0, 10)).containsExactly(atB);
        assertThat(services.customers.search(STORE_B, Long.toString(atB.id()), 0, 10))
                .containsExactly(atB);
        assertThat(services.customers.count(STORE_A, 10)).isEqualTo(1);
    }

    @Test
    void customers_update_changesThatStoresOnly() {
        assertThat(services.customers.update(
                        STORE_A,
                        atA.id(),
                        OptionalLong.empty(),
                        details -> new NewCustomer(details.email(), details.firstName(), details.lastName(), 99)))
                .map(Customer::groupId)
                .contains(99L);

        assertThat(services.customers.find(STORE_B, atB.id())).contains(atB);
    }

    @Test
    void customers_erase_erasesThatStoresOnly() {
        assertThat(services.customers.erase(STORE_A, atA.id())).isTrue();

        assertThat(services.customers.find(STORE_A, atA.id())).isEmpty();
        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isEqualTo(new SignIn.Refused());
        assertThat(services.customers.find(STORE_B, atB.id())).contains(atB);
        assertThat(services.sessions.find(STORE_B, sessionB)).isPresent();
        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(SignedIn.class);
        assertThat(services.customers.erase(STORE_A, atA.id())).isFalse();
    }

    @Test
    void sessions_ofStore_areThatStoresOnly() {
        assertThat(services.sessions.ofStore(STORE_A, OptionalLong.empty(), StoreSession.Cursor.START, 10))
                .extracting(StoreSession::key)
                .containsExactly(sessionA.hash().key());
        assertThat(services.sessions.ofStore(STORE_B, OptionalLong.of(atA.id()), StoreSession.Cursor.START, 10))
                .extracting(StoreSession::key)
                .containsExactly(sessionB.hash().key());
        assertThat(services.sessions.count(STORE_A, 10)).isEqualTo(1);
    }

    @Test
    void sessions_endByKey_endsThatStoresOnly() {
        services.sessions.end(STORE_B, sessionA.hash().key());
        assertThat(services.sessions.find(STORE_A, sessionA)).isPresent();

        services.sessions.end(STORE_A, sessionA.hash().key());
        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.sessions.find(STORE_B, sessionB)).isPresent();
    }

    @Test
    void passwordLinks_workAtThatStoreOnly() {
        PasswordLinks links = services.passwordLinks();
        BearerSecret link = links.create(atA).secret();

        assertThat(links.look(STORE_B, link)).isEmpty();
        assertThat(links.reset(STORE_B, link, "chosen by somebody else")).isFalse();
        assertThat(links.look(STORE_A, link)).contains(atA);
        assertThat(links.reset(STORE_A, link, "chosen by the customer")).isTrue();
        assertThat(links.reset(STORE_A, link, "chosen a second time")).isFalse();

        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.signIn(STORE_A, EMAIL, "chosen by the customer")).isInstanceOf(SignedIn.class);
        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(SignedIn.class);
    }

    @Test
    void customers_ofBothStores_differInNothingButTheStore() {
        assertThat(atA.id()).isEqualTo(atB.id());
        assertThat(atA.email()).isEqualTo(atB.email());
        assertThat(atA.key()).isNotEqualTo(atB.key());
    }

    // Stores

    @Test
    void stores_atHost_isTheStoreOfThatHost() {
        assertThat(services.stores.atHost(HOST_A)).contains(new Store(STORE_A, "Store A", false, false, 1));
        assertThat(services.stores.atHost(HOST_B)).contains(new Store(STORE_B, "Store B", true, false, 1));
    }

    @Test
    void stores_find_isTheStoreWithThatHash() {
        assertThat(services.stores.find(STORE_A)).map(Store::name).contains("Store A");
        assertThat(services.stores.find(STORE_B)).map(Store::name).contains("Store B");
        assertThat(services.stores.find("ccccc")).isEmpty();
    }

    @Test
    void stores_hosts_areThoseOfTheStore() {
        assertThat(services.stores.hosts(STORE_A)).containsExactly(HOST_A);
        assertThat(services.stores.hosts(STORE_B)).containsExactly(HOST_B);
    }

    // Customers

    @Test
    void customers_find_seesOnlyTheStoresOwn() {
        Customer second = services.customer(STORE_B, "grace@example.com");

        assertThat(services.customers.find(STORE_A, atA.id())).contains(atA);
        assertThat(services.customers.find(STORE_B, atB.id())).contains(atB);
        assertThat(services.customers.find(STORE_B, second.id())).contains(second);
        assertThat(services.customers.find(STORE_A, second.id())).isEmpty();
    }

    @Test
    void customers_first_areTheStoresOwn() {
        Customer second = services.customer(STORE_B, "grace@example.com");

        assertThat(services.customers.first(STORE_A, 10)).containsExactly(atA);
        assertThat(services.customers.first(STORE_B, 10)).containsExactly(atB, second);
        assertThat(services.customers.first(STORE_B, 1)).containsExactly(atB);
    }

    @Test
    void customers_findByKey_saysWhichStoreTheCustomerIsOf() {
        assertThat(services.customers.findByKey(atA.key())).contains(atA);
        assertThat(services.customers.findByKey(atB.key())).contains(atB);
    }

    @Test
    void customers_create_takesNeitherIdNorAddressFromTheOtherStore() {
        assertThat(services.customer(STORE_A, "grace@example.com").id()).isEqualTo(2);
        assertThat(services.customer(STORE_B, "grace@example.com").id()).isEqualTo(2);
    }

    @Test
    void customers_signUp_beginsASessionOfThatStoreOnly() throws EmailTakenException {
        services.customer(STORE_B, "grace@example.com");

        SignedIn signedIn = services.customers.signUp(
                STORE_A, new NewCustomer("grace@example.com", "Grace", "Hopper", 0), PASSWORD, TestServices.ORIGIN);

        assertThat(signedIn.customer().storeHash()).isEqualTo(STORE_A);
        assertThat(services.sessions.find(STORE_A, signedIn.session())).isPresent();
        assertThat(services.sessions.find(STORE_B, signedIn.session())).isEmpty();
    }

    @Test
    void customers_import_raisesTheCounterOfThatStoreOnly() throws EmailTakenException {
        services.customers.importCustomer(
                4927,
                STORE_A,
                new NewCustomer("john.doe@gmail.com", "John", "Doe", 6),
                services.passwords.hash(PASSWORD));

        assertThat(services.customers.find(STORE_B, 4927)).isEmpty();
        assertThat(services.customer(STORE_A, "next@example.com").id()).isEqualTo(4928);
        assertThat(services.customer(STORE_B, "next@example.com").id()).isEqualTo(2);
    }

    @Test
    void customers_signIn_takesThePasswordOfThatStoreOnly() {
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(SignedIn.class);

        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD)).isEqualTo(new Refused());
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD_AT_B)).isEqualTo(new Refused());
    }

    @Test
    void customers_check_takesThePasswordOfThatStoreOnly_andCountsThere() {
        assertThat(services.customers.check(STORE_A, EMAIL, PASSWORD)).isEqualTo(new PasswordCheck.Right(atA));
        assertThat(services.customers.check(STORE_B, EMAIL, PASSWORD_AT_B)).isEqualTo(new PasswordCheck.Right(atB));
        for (int i = 0; i < 3; i++) {
            assertThat(services.customers.check(STORE_A, EMAIL, PASSWORD_AT_B)).isEqualTo(new PasswordCheck.Wrong());
        }
        assertThat(services.customers.check(STORE_A, EMAIL, PASSWORD))
                .isInstanceOf(PasswordCheck.TooManyAttempts.class);
        assertThat(services.customers.check(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(PasswordCheck.Right.class);
    }

    @Test
    void customers_check_isWrongForADisabledCustomer() {
        services.customers.setDisabled(STORE_A, atA.id(), OptionalLong.empty(), true);

        assertThat(services.customers.check(STORE_A, EMAIL, PASSWORD)).isEqualTo(new PasswordCheck.Wrong());
        assertThat(services.customers.check(STORE_B, EMAIL, PASSWORD_AT_B)).isEqualTo(new PasswordCheck.Right(atB));
    }

    @Test
    void customers_signIn_givesASessionOfThatStoreOnly() {
        SignedIn signedIn = (SignedIn) services.signIn(STORE_A, EMAIL, PASSWORD);

        assertThat(signedIn.customer()).isEqualTo(atA);
        assertThat(services.sessions.find(STORE_A, signedIn.session())).isPresent();
        assertThat(services.sessions.find(STORE_B, signedIn.session())).isEmpty();
    }

    @Test
    void customers_signIn_failuresCountAtThatStoreOnly() {
        for (int i = 0; i < 3; i++) {
            assertThat(services.signIn(STORE_A, EMAIL, "wrong password")).isEqualTo(new Refused());
        }

        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD)).isInstanceOf(SignIn.TooManyAttempts.class);
        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(SignedIn.class);
    }

    @Test
    void customers_changePassword_changesThatStoresOnly() {
        assertThat(services.customers.changePassword(atA, PASSWORD, "a third password", TestServices.ORIGIN))
                .isInstanceOf(SignedIn.class);

        assertThat(services.signIn(STORE_A, EMAIL, "a third password")).isInstanceOf(SignedIn.class);
        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(SignedIn.class);
        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.sessions.find(STORE_B, sessionB)).isPresent();
    }

    @Test
    void customers_setDisabled_disablesThatStoresOnly() {
        assertThat(services.customers.setDisabled(STORE_A, atA.id(), OptionalLong.empty(), true))
                .isPresent();

        assertThat(services.customers.find(STORE_A, atA.id()))
                .map(Customer::disabled)
                .contains(true);
        assertThat(services.customers.find(STORE_B, atB.id()))
                .map(Customer::disabled)
                .contains(false);
        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.sessions.find(STORE_B, sessionB)).isPresent();
        assertThat(services.signIn(STORE_B, EMAIL, PASSWORD_AT_B)).isInstanceOf(SignedIn.class);
    }

    @Test
    void customers_setDisabled_ofTheOtherStoresCustomer_changesNothing() {
        Customer second = services.customer(STORE_B, "grace@example.com");
        BearerSecret hers = services.session(second);

        assertThat(services.customers.setDisabled(STORE_A, second.id(), OptionalLong.empty(), true))
                .isEmpty();

        assertThat(services.customers.find(STORE_B, second.id())).contains(second);
        assertThat(services.sessions.find(STORE_B, hers)).isPresent();
    }

    // Sessions

    @Test
    void sessions_find_atTheOtherStore_isEmpty() {
        assertThat(services.sessions.find(STORE_A, sessionA)).isPresent();
        assertThat(services.sessions.find(STORE_B, sessionA)).isEmpty();
        assertThat(services.sessions.find(STORE_A, sessionB)).isEmpty();
    }

    @Test
    void sessions_end_atTheOtherStore_endsNothing() {
        services.sessions.end(STORE_B, sessionA);
        assertThat(services.sessions.find(STORE_A, sessionA)).isPresent();

        services.sessions.end(STORE_A, sessionA);
        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.sessions.find(STORE_B, sessionB)).isPresent();
    }

    @Test
    void sessions_list_isOfOneCustomer() {
        assertThat(services.sessions.list(atA.key(), sessionA))
                .hasSize(1)
                .allSatisfy(session -> assertThat(session.current()).isTrue());
        assertThat(services.sessions.list(atA.key(), sessionB))
                .hasSize(1)
                .allSatisfy(session -> assertThat(session.current()).isFalse());
    }

    @Test
    void sessions_endAll_endsThatStoresOnly() {
        services.endSessions(atA.key());

        assertThat(services.sessions.find(STORE_A, sessionA)).isEmpty();
        assertThat(services.sessions.find(STORE_B, sessionB)).isPresent();
    }

    // Apps

    @Test
    void apps_confinedToOneStore_areUnknownAtTheOther() {
        assertThat(issue(HOST_A, sessionA, onlyA)).isEqualTo("issued");
        assertThat(issue(HOST_B, sessionB, onlyA)).isEqualTo("unknown_app");
        assertThat(issue(HOST_B, sessionB, everywhere)).isEqualTo("issued");
    }

    @Test
    void apps_setAllowedAt_oneStore_changesNothingAtTheOther() {
        assertThat(services.apps.setAllowedAt(STORE_A, everywhere.app().clientId(), false))
                .isTrue();
        assertThat(issue(HOST_A, sessionA, everywhere)).isEqualTo("unknown_app");
        assertThat(issue(HOST_B, sessionB, everywhere)).isEqualTo("issued");

        assertThat(services.apps.setAllowedAt(STORE_B, onlyA.app().clientId(), true))
                .isTrue();
        assertThat(issue(HOST_A, sessionA, onlyA)).isEqualTo("issued");
        assertThat(issue(HOST_B, sessionB, onlyA)).isEqualTo("issued");
    }

    @Test
    void apps_setDisabled_andRotation_touchNoOtherApp() {
        App before = services.apps.find(everywhere.app().clientId()).orElseThrow();

        services.apps.setDisabled(onlyA.app().clientId(), OptionalLong.empty(), true);
        services.rotation.rotateNow(
                onlyA.app().clientId(), OptionalLong.empty(), Optional.of(everywhere.secret()), true);

        assertThat(services.apps.find(everywhere.app().clientId())).contains(before);
        assertThat(issue(HOST_A, sessionA, onlyA)).isEqualTo("unknown_app");
        assertThat(issue(HOST_A, sessionA, everywhere)).isEqualTo("issued");
        assertThat(issue(HOST_B, sessionB, everywhere)).isEqualTo("issued");
    }

    @Test
    void apps_listsOrigin_isOfOneAppAndWhereItIsAllowed() {
        NewApp plain = NewApp.named("With an origin");
        Apps.Registered listing = services.apps.create(
                TestServices.newApp(
                        plain.details().name(),
                        plain.details().description(),
                        Optional.empty(),
                        Optional.empty(),
                        plain.details().algorithm(),
                        plain.details().extraClaims(),
                        plain.stores(),
                        Set.of("https://app.example")),
                true);

        String clientId = listing.app().clientId();
        assertThat(services.mayAsk(clientId, "https://app.example", HOST_A)).isTrue();
        assertThat(services.mayAsk(clientId, "https://app.example", HOST_B)).isTrue();
        assertThat(services.mayAsk(clientId, "https://app.example", "c.example"))
                .isFalse();
        assertThat(services.mayAsk(everywhere.app().clientId(), "https://app.example", HOST_A))
                .isFalse();

        services.apps.setAllowedAt(STORE_A, clientId, false);

        assertThat(services.mayAsk(clientId, "https://app.example", HOST_A)).isFalse();
        assertThat(services.mayAsk(clientId, "https://app.example", HOST_B)).isTrue();
    }

    @Test
    void apps_originDecidedAtOneStore_changesNothingAtTheOther() {
        String origin = "https://app.example";
        AppDetails plain = NewApp.named("With an origin").details();
        String clientId = services.apps
                .create(TestServices.newApp(
                        plain.name(),
                        plain.description(),
                        Optional.empty(),
                        Optional.empty(),
                        plain.algorithm(),
                        plain.extraClaims(),
                        Set.of(),
                        Set.of(origin)))
                .app()
                .clientId();
        OriginApprovals approvals = services.apps.origins();
        approvals.decideEverywhere(clientId, origin, false, Optional.empty());
        assertThat(approvals.undecided(STORE_A)).containsExactly(clientId);

        assertThat(approvals.decide(STORE_A, clientId, origin, true, Optional.empty()))
                .isTrue();

        assertThat(services.mayAsk(clientId, origin, HOST_A)).isTrue();
        assertThat(services.mayAsk(clientId, origin, HOST_B)).isFalse();
        assertThat(approvals.undecided(STORE_A)).isEmpty();
        assertThat(approvals.undecided(STORE_B)).containsExactly(clientId);
        assertThat(approvals.atStore(STORE_A, clientId))
                .extracting(StoreOrigin::approved)
                .containsExactly(true);
        assertThat(approvals.atStore(STORE_B, clientId))
                .extracting(StoreOrigin::approved)
                .containsExactly(false);
        assertThat(approvals.decide("ccccc", clientId, origin, true, Optional.empty()))
                .isFalse();
        assertThat(approvals.decide(STORE_A, clientId, "https://other.example", true, Optional.empty()))
                .isFalse();
    }

    @Test
    void apps_countAllowedAt_isOfOneStore() {
        int atA = services.apps.countAllowedAt(STORE_A);
        int atB = services.apps.countAllowedAt(STORE_B);

        services.apps.setAllowedAt(STORE_A, everywhere.app().clientId(), false);

        assertThat(services.apps.countAllowedAt(STORE_A)).isEqualTo(atA - 1);
        assertThat(services.apps.countAllowedAt(STORE_B)).isEqualTo(atB);
    }

    @Test
    void apps_deletedWhileBarred_areTheStoresOwn() {
        String clientId = everywhere.app().clientId();
        services.apps.setAllowedAt(STORE_A, clientId, false);

        services.apps.delete(clientId, OptionalLong.empty());

        assertThat(services.apps.deletedWhileBarred(STORE_A))
                .extracting(DeletedApp::clientId)
                .containsExactly(clientId);
        assertThat(services.apps.deletedWhileBarred(STORE_B)).isEmpty();
    }

    // Issuance

    @Test
    void testTokens_areOnlyForCustomersOfTheStore_whereTheAppIsAllowed() {
        TestTokens testTokens = new TestTokens(
                new IssuanceReader(services.database, services.sessions),
                new TokenIssuer(services.masterKey, services.auditLog),
                services.clock);
        Customer second = services.customer(STORE_B, "grace@example.com");
        String allowed = everywhere.app().clientId();
        assertThat(TestServices.name(testTokens.issue(STORE_A, atA.id(), allowed)))
                .isEqualTo("issued");
        assertThat(TestServices.name(testTokens.issue(STORE_B, second.id(), allowed)))
                .isEqualTo("issued");

        assertThat(TestServices.name(testTokens.issue(STORE_A, second.id(), allowed)))
                .isEqualTo("not_signed_in");
        assertThat(TestServices.name(testTokens.issue("ccccc", atA.id(), allowed)))
                .isEqualTo("no_such_store");
        assertThat(TestServices.name(
                        testTokens.issue(STORE_A, atA.id(), onlyA.app().clientId())))
                .isEqualTo("issued");
        assertThat(TestServices.name(
                        testTokens.issue(STORE_B, atB.id(), onlyA.app().clientId())))
                .isEqualTo("unknown_app");
        services.customers.setDisabled(STORE_A, atA.id(), OptionalLong.empty(), true);
        assertThat(TestServices.name(testTokens.issue(STORE_A, atA.id(), allowed)))
                .isEqualTo("not_signed_in");
        assertThat(TestServices.name(testTokens.issue(STORE_B, atB.id(), allowed)))
                .isEqualTo("issued");
    }

    @Test
    void issue_sessionOfOneStoreAtTheOther_isNotSignedIn() {
        assertThat(issue(HOST_A, sessionA, everywhere)).isEqualTo("issued");
        assertThat(issue(HOST_B, sessionB, everywhere)).isEqualTo("issued");

        assertThat(issue(HOST_B, sessionA, everywhere)).isEqualTo("not_signed_in");
        assertThat(issue(HOST_A, sessionB, everywhere)).isEqualTo("not_signed_in");
    }

    @Test
    void issue_atEachStore_vouchesForThatStore() throws InvalidTokenException {
        CurrentCustomer fromA =
                verify(services.issue(HOST_A, sessionA, everywhere.app().clientId()));
        CurrentCustomer fromB =
                verify(services.issue(HOST_B, sessionB, everywhere.app().clientId()));

        assertThat(List.of(fromA.storeHash(), fromB.storeHash())).containsExactly(STORE_A, STORE_B);
        assertThat(List.of(fromA.id(), fromB.id())).containsExactly(atA.id(), atB.id());
    }

    @Test
    void issue_sessionOfOneStoreAtTheOther_isNotSeenThereEither() {
        services.clock.advance(Duration.ofMinutes(5));
        issue(HOST_B, sessionA, everywhere);
        services.lastSeen.write();

        assertThat(services.sessions.find(STORE_A, sessionA).orElseThrow().lastSeenAt())
                .isEqualTo(TestClock.START);
    }

    @Test
    void issue_hostOfNoStore_isNoSuchStore() {
        assertThat(issue(HOST_A, sessionA, everywhere)).isEqualTo("issued");
        assertThat(issue("c.example", sessionA, everywhere)).isEqualTo("no_such_store");
    }

    @Test
    void dryRun_sessionOfOneStoreAtTheOther_isNotSignedIn() {
        String clientId = everywhere.app().clientId();
        assertThat(TestServices.name(services.dryRun(HOST_A, sessionA, clientId)))
                .isEqualTo("issued");

        assertThat(TestServices.name(services.dryRun(HOST_B, sessionA, clientId)))
                .isEqualTo("not_signed_in");
    }

    // AuditLog

    @Test
    void disclosures_ofStore_areThatStoresOwn() {
        issueAtBoth();

        for (DisclosureFilter filter : List.of(
                DisclosureFilter.ALL,
                DisclosureFilter.ALL.about(atA.id()),
                DisclosureFilter.ALL.to(everywhere.app().clientId()),
                DisclosureFilter.ALL.to(everywhere.app().clientId()).about(atA.id()))) {
            assertThat(disclosures(STORE_A, filter)).containsExactly(STORE_A);
            assertThat(disclosures(STORE_B, filter)).containsExactly(STORE_B, STORE_B);
            assertThat(disclosures("ccccc", filter)).isEmpty();
        }
    }

    @Test
    void disclosures_ofStore_fromTheOtherStoresCursor_areThatStoresOwn() {
        issueAtBoth();
        Cursor ofB = services.disclosures
                .ofStore(STORE_B, DisclosureFilter.ALL, Cursor.START, 1)
                .next()
                .orElseThrow();

        assertThat(services.disclosures
                        .ofStore(STORE_A, DisclosureFilter.ALL, ofB, 10)
                        .items())
                .extracting(Disclosure::storeHash)
                .containsOnly(STORE_A);
    }

    @Test
    void disclosures_export_isThatStoresOwn() throws IOException {
        issueAtBoth();
        StringBuilder csv = new StringBuilder();
        services.disclosures.export(STORE_A, DisclosureFilter.ALL, csv);

        assertThat(csv.toString()).contains(STORE_A).doesNotContain(STORE_B);
    }

    @Test
    void activity_ofStore_isThatStoresOwn() {
        issueAtBoth();
        issue(HOST_B, sessionA, everywhere);
        services.auditLog.refused(HOST_B, everywhere.app().clientId(), "not_signed_in");
        services.auditLog.write();
        Span hour = new Span(TestClock.START, TestClock.START.plus(Duration.ofHours(1)));

        for (Optional<String> app :
                List.of(Optional.<String>empty(), Optional.of(everywhere.app().clientId()))) {
            assertThat(services.activity.countsOfStore(STORE_A, app, hour))
                    .extracting(HourlyCount::storeHash, HourlyCount::outcome, HourlyCount::times)
                    .containsExactly(tuple(STORE_A, "issued", 1L));
            assertThat(services.activity.countsOfStore(STORE_B, app, hour))
                    .extracting(HourlyCount::storeHash, HourlyCount::outcome, HourlyCount::times)
                    .containsExactly(tuple(STORE_B, "issued", 2L), tuple(STORE_B, "not_signed_in", 1L));
            assertThat(services.activity
                            .refusalsOfStore(STORE_A, app, Span.ALWAYS, Cursor.START, 10)
                            .items())
                    .isEmpty();
            assertThat(services.activity
                            .refusalsOfStore(STORE_B, app, Span.ALWAYS, Cursor.START, 10)
                            .items())
                    .extracting(Refusal::storeHash)
                    .containsExactly(STORE_B);
        }
    }

    @Test
    void ledger_erase_reachesThatStoresCustomerOnly() {
        issueAtBoth();

        services.database.transaction(handle -> services.auditLog.erase(handle, STORE_A, atA.id()));

        assertThat(disclosures(STORE_A, DisclosureFilter.ALL.about(atA.id()))).isEmpty();
        assertThat(disclosures(STORE_A, DisclosureFilter.ALL)).hasSize(1);
        assertThat(disclosures(STORE_B, DisclosureFilter.ALL.about(atB.id()))).hasSize(2);
    }

    private void issueAtBoth() {
        assertThat(issue(HOST_A, sessionA, everywhere)).isEqualTo("issued");
        assertThat(issue(HOST_B, sessionB, everywhere)).isEqualTo("issued");
        assertThat(issue(HOST_B, sessionB, everywhere)).isEqualTo("issued");
        services.auditLog.write();
    }

    private List<String> disclosures(String storeHash, DisclosureFilter filter) {
        return services.disclosures.ofStore(storeHash, filter, Cursor.START, 10).items().stream()
                .map(Disclosure::storeHash)
                .toList();
    }

    // Scripts

    @Test
    void scripts_create_addsToThatStoreOnly() {
        Script script = script(STORE_A);

        assertThat(script.storeHash()).isEqualTo(STORE_A);
        assertThat(services.scripts.list(STORE_A)).containsExactly(script);
        assertThat(services.scripts.list(STORE_B)).isEmpty();
    }

    @Test
    void scripts_create_countsThoseOfThatStoreOnly() {
        for (int i = 0; i < Scripts.MAX_PER_STORE; i++) {
            script(STORE_A);
        }
        assertThatExceptionOfType(InvalidScriptException.class).isThrownBy(() -> script(STORE_A));

        assertThat(script(STORE_B)).isNotNull();
    }

    @Test
    void scripts_find_seesOnlyTheStoresOwn() {
        Script script = script(STORE_A);

        assertThat(services.scripts.find(STORE_A, script.id())).contains(script);
        assertThat(services.scripts.find(STORE_B, script.id())).isEmpty();
    }

    @Test
    void scripts_on_isOfThatStore() {
        script(STORE_A);

        assertThat(services.scripts.on(STORE_A, PageKind.FRONT).footer()).containsExactly("of " + STORE_A);
        assertThat(services.scripts.on(STORE_B, PageKind.FRONT)).isEqualTo(PageScripts.NONE);
        script(STORE_B);
        assertThat(services.scripts.on(STORE_A, PageKind.FRONT).footer()).containsExactly("of " + STORE_A);
        assertThat(services.scripts.on(STORE_B, PageKind.FRONT).footer()).containsExactly("of " + STORE_B);
    }

    @Test
    void scripts_update_ofTheOtherStoresScript_changesNothing() {
        Script script = script(STORE_A);

        assertThat(services.scripts.update(
                        STORE_B, script.id(), OptionalLong.empty(), details -> details.withEnabled(false)))
                .isEmpty();
        assertThat(services.scripts.find(STORE_A, script.id())).contains(script);

        assertThat(services.scripts.update(
                        STORE_A, script.id(), OptionalLong.empty(), details -> details.withEnabled(false)))
                .map(changed -> changed.details().enabled())
                .contains(false);
    }

    @Test
    void scripts_remove_ofTheOtherStoresScript_removesNothing() {
        Script script = script(STORE_A);

        assertThat(services.scripts.remove(STORE_B, script.id(), OptionalLong.empty()))
                .isFalse();
        assertThat(services.scripts.find(STORE_A, script.id())).contains(script);

        assertThat(services.scripts.remove(STORE_A, script.id(), OptionalLong.empty()))
                .isTrue();
    }

    private Script script(String storeHash) {
        return services.scripts
                .create(storeHash, new ScriptDetails("n", Place.FOOTER, Set.of(), "of " + storeHash, true, 0))
                .orElseThrow();
    }

    private String issue(String host, BearerSecret session, Apps.Registered app) {
        return TestServices.name(services.issue(host, session, app.app().clientId()));
    }

    private CurrentCustomer verify(Outcome outcome) throws InvalidTokenException {
        return CurrentCustomerVerifier.builder(
                        everywhere.app().clientId(), everywhere.secret().reveal())
                .allowAnyStore()
                .clock(services.clock)
                .build()
                .verify(((Outcome.Issued) outcome).token());
    }

    private static Set<String> publicMethods(Class<?> noun) {
        return Arrays.stream(noun.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !method.getName().equals("hostOf"))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }
}
