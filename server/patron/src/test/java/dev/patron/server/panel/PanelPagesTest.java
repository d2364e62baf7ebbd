package dev.patron.server.panel;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.CURRENT_JWT;
import static dev.patron.server.TestServer.EMAIL;
import static dev.patron.server.TestServer.OTHER_STORE;
import static dev.patron.server.TestServer.STORE;
import static dev.patron.server.console.ConsoleBrowser.problem;
import static dev.patron.server.console.ConsoleBrowser.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.account.Browser;
import dev.patron.server.app.App;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.NewApp;
import dev.patron.server.console.ConsoleBrowser;
import dev.patron.server.customer.Customer;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of the control panel, over HTTP. Who gets to which is {@code PagesAccessTest}'s. */
class PanelPagesTest {

    private static final String PASSWORD = "a password for members";
    private static final String PATH = "/panel/stores/" + STORE;
    private static final TestServer SERVER =
            TestServer.start("patron.console.idle-limit=30d", "patron.console.absolute-limit=30d");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    private ConsoleBrowser staff;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void signIn() {
        logs.watch(EMAIL);
        staff = member(Role.STAFF, Optional.of(STORE));
    }

    // Stores

    @Test
    void store_isMadeAndChangedByAnOperator() {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());
        String hash = "made" + COUNTER.incrementAndGet();

        Answer made = operator.post(
                "/panel/stores/new",
                Map.of("store_hash", hash, "name", "Made <b>here</b>", "hosts", "Made.example", "https", "on"));
        assertThat(made.header("Location")).contains("/panel/stores/" + hash + "?notice=created");
        assertThat(text(operator.get("/panel")))
                .contains("Made &lt;b&gt;here&lt;/b&gt;")
                .contains("made.example");
        assertThat(operator.get("/panel").body()).doesNotContain("<b>here");

        Map<String, String> form = fields(operator.get("/panel/stores/" + hash + "/settings"));
        form.put("name", "Renamed");
        form.put("hosts", "one.example\r\ntwo.example");
        assertThat(operator.post("/panel/stores/" + hash + "/settings", form).status())
                .isEqualTo(302);
        assertThat(SERVER.patron().services().stores.hosts(hash)).containsExactly("one.example", "two.example");
        assertThat(SERVER.patron().services().stores.atHost("one.example"))
                .map(store -> store.name())
                .contains("Renamed");

        form.put("name", "Late");
        Answer late = operator.post("/panel/stores/" + hash + "/settings", form);
        assertThat(late.status()).isEqualTo(409);
        assertThat(text(late)).contains("Nothing was changed: it was changed meanwhile");
        assertThat(late.body()).contains("value=\"Late\"");
    }

    @ParameterizedTest
    @CsvSource({
        "store_hash, A, A store hash has 5 to 32",
        "store_hash, abc123, There is a store with this hash already.",
        "name, '', A store's name has 1 to 200 characters",
        "hosts, '', A store needs at least one host.",
        "hosts, https://x/, A host is a name in lower case without a port",
        "hosts, localhost, One of the hosts is taken by another store."
    })
    void newStore_wrong_saysWhatAndKeepsTheRest(String field, String value, String fault) {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());
        Map<String, String> form = new HashMap<>(
                Map.of("store_hash", "fine123", "name", "A fine name", "hosts", "fine.example", "https", "on"));
        form.put(field, value);

        Answer answer = operator.post("/panel/stores/new", form);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(text(answer)).contains(fault);
        assertThat(answer.body()).contains("aria-describedby=\"" + field + "-fault");
        assertThat(answer.body()).contains(field.equals("name") ? "fine.example" : "A fine name");
        assertThat(SERVER.patron().services().stores.find("fine123")).isEmpty();
    }

    // Customers

    @Test
    void customers_areFoundByWhatTheirAddressNameOrNumberIs() {
        Customer grace = customer("Grace", "Hopper");

        assertThat(text(staff.get(PATH + "/customers"))).contains("John Doe").contains(EMAIL);
        assertThat(text(staff.get(PATH + "/customers?q=HOP")))
                .contains("Grace Hopper")
                .doesNotContain(EMAIL);
        assertThat(text(staff.get(PATH + "/customers?q=grace+h"))).contains("Grace Hopper");
        assertThat(text(staff.get(PATH + "/customers?q=" + grace.id()))).contains(grace.email());
        assertThat(text(staff.get(PATH + "/customers?q=%25"))).contains("Nobody found");
        assertThat(text(staff.get(PATH + "/customers?after=999999999"))).contains("No more customers");
        assertThat(staff.get(PATH + "/customers?q=%22%3E%3Cscript%3E").body()).doesNotContain("<script>");
    }

    @Test
    void customers_areListedPageByPage() {
        for (int i = 0; i < 51; i++) {
            customer("Page", "Turner");
        }

        Answer first = staff.get(PATH + "/customers?q=turner");
        Matcher next = Pattern.compile("href=\"([^\"]*after=[^\"]*)\"").matcher(first.body());
        assertThat(next.find()).isTrue();
        Answer second = staff.get(next.group(1).replace("&amp;", "&"));

        assertThat(rows(first)).isEqualTo(50);
        assertThat(rows(second)).isEqualTo(1);
        assertThat(second.body()).doesNotContain("after=");
    }

    @Test
    void customer_isMadeWithALink_andChoosesThePasswordByItOnce() {
        String address = address();
        Answer made = staff.post(
                PATH + "/new-customer",
                Map.of("email", address, "first_name", "Lin", "last_name", "Ked", "group_id", "7"));
        assertThat(made.status()).isEqualTo(200);
        String link = link(made);
        assertThat(link).startsWith("http://localhost:" + SERVER.port() + "/login.php?action=reset_password");
        String target = link.substring(link.indexOf("/login.php"));
        logs.watch(target.substring(target.indexOf("token=") + 6));

        Browser browser = Browser.at(SERVER, logs);
        assertThat(browser.open(target).status()).isEqualTo(200);
        assertThat(browser.open(target).status()).isEqualTo(200);
        Map<String, String> form = Map.of("password", "chosen by Lin", "password_confirmation", "chosen by Lin");
        Answer different =
                browser.post("/login.php?action=reset_password", with(form, "password_confirmation", "chosen by Tim"));
        assertThat(different.status()).isEqualTo(422);
        assertThat(browser.post("/login.php?action=reset_password", form).status())
                .isEqualTo(302);
        assertThat(browser.get(target).status()).isEqualTo(404);

        assertThat(SERVER.patron().services().customers.search(STORE, address, 0, 2))
                .singleElement()
                .satisfies(customer -> assertThat(customer.groupId()).isEqualTo(7));
        assertThat(signIn(address, "chosen by Lin").status()).isEqualTo(302);
    }

    @ParameterizedTest
    @CsvSource({
        "email, nobody, Enter an e-mail address such as name@example.com.",
        "email, JOHN.doe@gmail.com, The store has a customer with this e-mail address already.",
        "first_name, '', 'Enter the first name, with 1 to 100 characters.'",
        "last_name, '', 'Enter the last name, with 1 to 100 characters.'",
        "group_id, many, 'Enter the number of a customer group, such as 6, or 0 for none.'"
    })
    void newCustomer_wrong_saysWhatAndKeepsTheRest(String field, String value, String fault) {
        Map<String, String> form = new HashMap<>(
                Map.of("email", address(), "first_name", "Firstname", "last_name", "Lastname", "group_id", "8"));
        form.put(field, value);

        Answer answer = staff.post(PATH + "/new-customer", form);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(text(answer)).contains(fault);
        assertThat(answer.body())
                .contains(field + "-fault")
                .contains("value=\"" + (field.equals("first_name") ? "Lastname" : "Firstname") + "\"");
    }

    @Test
    void customer_isChanged_andTwoTabsDoNotOverwriteEachOther() {
        Customer grace = customer("Grace", "Hopper");
        String path = PATH + "/customers/" + grace.id();
        Map<String, String> seen = fields(staff.get(path));

        assertThat(staff.post(path, with(seen, "group_id", "12")).header("Location"))
                .contains(path + "?notice=saved");
        Answer late = staff.post(path, with(seen, "last_name", "Late"));

        assertThat(late.status()).isEqualTo(409);
        assertThat(text(late)).contains("Nothing was changed");
        assertThat(find(grace)).hasValueSatisfying(customer -> {
            assertThat(customer.groupId()).isEqualTo(12);
            assertThat(customer.lastName()).isEqualTo("Hopper");
        });
        assertThat(staff.post(path, with(fields(late), "last_name", "Later")).status())
                .isEqualTo(302);
        assertThat(staff.post(path, with(seen, "first_name", "")).status()).isEqualTo(422);
    }

    @Test
    void customer_disabled_isSignedOutAndGetsNoToken_untilEnabled() {
        Customer grace = customer("Grace", "Hopper");
        String path = PATH + "/customers/" + grace.id();
        Browser browser = signedIn(grace);
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(200);

        staff.post(path + "/disable", Map.of("disabled", "true"));

        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(404);
        assertThat(signIn(grace.email(), TestServer.PASSWORD).status()).isNotEqualTo(302);
        assertThat(text(staff.get(path))).contains("Disabled");
        staff.post(path + "/disable", Map.of("disabled", "false"));
        assertThat(signIn(grace.email(), TestServer.PASSWORD).status()).isEqualTo(302);
    }

    @Test
    void sessions_showWhereFrom_andAreEnded() {
        Customer grace = customer("Grace", "Hopper");
        String path = PATH + "/customers/" + grace.id();
        Browser one = signedIn(grace);
        Browser two = signedIn(grace);

        Answer sessions = staff.get(PATH + "/sessions");
        assertThat(text(sessions)).contains("Grace Hopper").contains("127.0.0.1");
        assertThat(staff.post(PATH + "/sessions/end", Map.of("session_key", value(staff.get(path), "session_key")))
                        .status())
                .isEqualTo(302);
        assertThat(List.of(one.get(CURRENT_JWT).status(), two.get(CURRENT_JWT).status()))
                .containsExactlyInAnyOrder(200, 404);

        staff.post(path + "/end-sessions", Map.of());
        assertThat(one.get(CURRENT_JWT).status()).isEqualTo(404);
        assertThat(two.get(CURRENT_JWT).status()).isEqualTo(404);
        assertThat(text(staff.get(path))).contains("Nowhere.");
        assertThat(problem(staff.post(PATH + "/sessions/end", Map.of("session_key", "x"))))
                .isEqualTo("400 bad_request");
    }

    // The ledger

    @Test
    void ledger_tellsWhatWhichAppWasTold_untilTheCustomerIsErased() {
        Customer grace = customer("Grace", "Hopper");
        Browser browser = signedIn(grace);
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(200);
        SERVER.patron().services().auditLog.write();
        String about = PATH + "/ledger?customer_id=" + grace.id();

        assertThat(text(staff.get(about))).contains("Test App").contains("id, email, group_id");
        assertThat(rows(staff.get(about))).isEqualTo(1);
        assertThat(rows(staff.get(about + "&client_id=" + CLIENT_ID))).isEqualTo(1);
        assertThat(text(staff.get(about + "&client_id=another"))).contains("No such disclosure");
        assertThat(text(staff.get(about + "&to=2001-01-01"))).contains("No such disclosure");

        Answer csv = staff.get(PATH + "/ledger/csv?customer_id=" + grace.id());
        assertThat(csv.header("Content-Type")).contains("text/csv; charset=utf-8; header=present");
        assertThat(csv.header("Content-Disposition")).contains("attachment; filename=\"ledger-abc123.csv\"");
        assertThat(csv.header("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(csv.body().lines())
                .hasSize(2)
                .first()
                .isEqualTo("disclosed_at,store_hash,app_client_id,customer_id,claims,secret_id");
        assertThat(csv.body()).contains("," + STORE + "," + CLIENT_ID + "," + grace.id() + ",");

        String erase = PATH + "/customers/" + grace.id() + "/erase";
        Answer question = staff.post(erase, Map.of("confirmation", Long.toString(grace.id())));
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("This cannot be undone", "Grace Hopper", Long.toString(grace.id()));
        assertThat(find(grace)).isPresent();
        Answer unsure = staff.post(erase, Map.of("confirmed", "yes", "confirmation", "yes"));
        assertThat(unsure.status()).isEqualTo(422);
        assertThat(text(unsure)).contains("This is not the customer's number.");
        staff.post(erase, Map.of("confirmed", "yes", "confirmation", Long.toString(grace.id())));

        assertThat(find(grace)).isEmpty();
        assertThat(problem(staff.get(PATH + "/customers/" + grace.id()))).isEqualTo("404 not_found");
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(404);
        assertThat(text(staff.get(about))).contains("No such disclosure");
        assertThat(text(staff.get(PATH + "/ledger"))).contains("Erased");
    }

    @ParameterizedTest
    @CsvSource({
        "customer_id=x, 'Enter the number of a customer, such as 4927.'",
        "from=yesterday, Enter a day such as 2026-11-23.",
        "from=2026-02-30, Enter a day such as 2026-11-23.",
        "to=0000-01-01, Enter a day such as 2026-11-23.",
        "from=2026-11-24&to=2026-11-23, Enter a day that is not before the first one."
    })
    void ledger_wrongFilter_saysSo(String query, String fault) {
        assertThat(staff.get(PATH + "/ledger?from=2026-11-23&to=2026-11-23").status())
                .isEqualTo(200);

        Answer answer = staff.get(PATH + "/ledger?" + query);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(text(answer)).contains(fault);
        assertThat(staff.get(PATH + "/ledger/csv?" + query).status()).isEqualTo(400);
    }

    // Apps and scripts

    @Test
    void app_barred_getsNoToken_untilAllowedAgain() {
        Browser browser = signedIn(customer("Grace", "Hopper"));
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(200);

        staff.post(PATH + "/apps", Map.of("client_id", CLIENT_ID, "allowed", "false"));

        assertThat(browser.get(CURRENT_JWT).status()).isNotEqualTo(200);
        assertThat(text(staff.get(PATH + "/apps"))).contains("Barred");
        staff.post(PATH + "/apps", Map.of("client_id", CLIENT_ID, "allowed", "true"));
        assertThat(browser.get(CURRENT_JWT).status()).isEqualTo(200);
        Answer unknown = staff.post(PATH + "/apps", Map.of("client_id", "nosuchapp"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(text(unknown)).contains("There is no app with this client id.");
        assertThat(unknown.body()).contains("value=\"nosuchapp\"");
    }

    @Test
    void origin_ofADevelopersApp_isShown_approvedAndWithdrawn() {
        String origin = "https://headless.example";
        App app = developersApp(origin);
        String path = PATH + "/apps/" + app.clientId() + "/origins";
        Browser browser = signedIn(customer("Ada", "Byron"));
        String ask = "/customer/current.jwt?app_client_id=" + app.clientId();
        assertThat(browser.get(ask).status()).isEqualTo(200);
        assertThat(browser.call("GET", ask).with("Origin", origin).send().status())
                .isEqualTo(403);
        assertThat(text(staff.get(PATH + "/apps"))).contains("Asks for an origin");
        assertThat(text(staff.get(path))).contains("Dora Developer", origin, "Asks for approval");

        Answer approved = staff.post(path, Map.of("origin", origin, "approved", "true"));

        assertThat(approved.header("Location")).contains(path + "?notice=approved");
        assertThat(text(staff.get(path + "?notice=approved"))).contains("Approved by Member", "Withdraw");
        assertThat(browser.call("GET", ask).with("Origin", origin).send().status())
                .isEqualTo(200);
        assertThat(SERVER.patron().services().apps.origins().undecided(STORE)).doesNotContain(app.clientId());

        staff.post(path, Map.of("origin", origin, "approved", "false"));
        assertThat(browser.call("GET", ask).with("Origin", origin).send().status())
                .isEqualTo(403);
        assertThat(text(staff.get(path))).contains("Withdrawn by Member");
        assertThat(problem(staff.post(path, Map.of("origin", "https://other.example", "approved", "true"))))
                .isEqualTo("404 not_found");
    }

    @Test
    void app_deletedWhileItWasBarred_isStillShown() {
        App app = developersApp("https://headless.example");
        staff.post(PATH + "/apps", Map.of("client_id", app.clientId(), "allowed", "false"));

        SERVER.patron().services().apps.delete(app.clientId(), OptionalLong.empty());

        assertThat(text(staff.get(PATH + "/apps"))).contains("Barred here, and deleted since", app.clientId());
    }

    @Test
    void member_isDisabledWithTheirApps_unlessThatIsUnchecked() {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());
        App app = developersApp("https://headless.example");
        long owner = app.ownerId().orElseThrow();
        String path = "/members/" + owner + "/disable";
        assertThat(operator.get("/members").body()).contains("href=\"" + path + "\"");
        Answer asked = operator.get(path);
        assertThat(text(asked)).contains("Disable Dora Developer", "Block their app as well");
        assertThat(asked.body()).containsPattern("name=\"block_apps\"[^>]* checked");

        operator.post(path, Map.of("disabled", "true"));
        assertThat(SERVER.patron()
                        .services()
                        .apps
                        .find(app.clientId())
                        .orElseThrow()
                        .isActive())
                .isTrue();
        Answer done = operator.post(path, Map.of("disabled", "true", "block_apps", "on"));

        assertThat(done.header("Location")).contains("/members?notice=disabled-with-apps");
        assertThat(SERVER.patron()
                        .services()
                        .apps
                        .find(app.clientId())
                        .orElseThrow()
                        .blocked())
                .isTrue();
        assertThat(text(staff.get(PATH + "/apps"))).contains("Blocked by an operator");
        operator.post(path, Map.of("disabled", "false"));
        assertThat(SERVER.patron()
                        .services()
                        .apps
                        .find(app.clientId())
                        .orElseThrow()
                        .blocked())
                .isTrue();
    }

    private App developersApp(String origin) {
        try {
            long owner = SERVER.patron()
                    .services()
                    .members
                    .create(NewMember.developer(address(), "Dora Developer"), PASSWORD)
                    .id();
            AppDetails plain = NewApp.named("Headless").details();
            return SERVER.patron()
                    .services()
                    .apps
                    .create(new NewApp(
                            new AppDetails(
                                    plain.name(),
                                    plain.description(),
                                    plain.algorithm(),
                                    plain.extraClaims(),
                                    plain.needs(),
                                    Set.of(origin)),
                            Optional.empty(),
                            Optional.empty(),
                            Set.of(),
                            Optional.of(owner)))
                    .app();
        } catch (MemberExistsException twice) {
            throw new IllegalArgumentException(twice);
        }
    }

    @Test
    void app_signsCustomersIn_whenItIsPermittedTo() {
        assertThat(text(staff.get(PATH + "/apps"))).contains("Permit sign-ins").doesNotContain("Signs customers in");

        Answer question = staff.post(PATH + "/apps", Map.of("client_id", CLIENT_ID, "signs_in", "true"));
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question))
                .contains("This gives power away", "Test App", "The operators of this server", "become any customer");
        assertThat(SERVER.patron().services().logins.permitted(STORE)).isEmpty();

        Answer permitted = staff.post(PATH + "/apps", fields(question));
        assertThat(permitted.header("Location")).contains(PATH + "/apps?notice=permitted");
        assertThat(SERVER.patron().services().logins.permitted(STORE)).containsExactly(CLIENT_ID);
        assertThat(text(staff.get(PATH + "/apps"))).contains("Signs customers in");

        staff.post(PATH + "/apps", Map.of("client_id", CLIENT_ID, "signs_in", "false"));
        assertThat(SERVER.patron().services().logins.permitted(STORE)).isEmpty();
        assertThat(staff.post(PATH + "/apps", Map.of("client_id", "nosuchapp", "signs_in", "true"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void script_isAddedFromAnAppsSnippet_changedAndDeleted() {
        String snippet = staff.get(PATH + "/new-script?app=" + CLIENT_ID).body();
        assertThat(snippet).contains("Patron.send(", "clientId: '" + CLIENT_ID).doesNotContain("alert(");

        Map<String, String> form = new HashMap<>(Map.of(
                "name",
                "Snippet",
                "contents",
                "<script>1 < 2</script>",
                "place",
                "FOOTER",
                "every_page",
                "true",
                "order",
                "100",
                "enabled",
                "on"));
        assertThat(staff.post(PATH + "/new-script", form).status()).isEqualTo(302);
        long id = SERVER.patron().services().scripts.list(STORE).getFirst().id();
        String path = PATH + "/scripts/" + id;
        Answer shown = staff.get(path);
        assertThat(shown.body()).contains("&lt;script&gt;1 &lt; 2&lt;/script&gt;");

        Map<String, String> changed = with(form, "revision", value(shown, "revision"));
        changed.put("name", "Renamed");
        assertThat(staff.post(path, changed).status()).isEqualTo(302);
        changed.put("name", "Late");
        assertThat(staff.post(path, changed).status()).isEqualTo(409);
        Answer question = staff.post(path + "/delete", Map.of("revision", "2"));
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("This cannot be undone", "Renamed");
        assertThat(SERVER.patron().services().scripts.list(STORE)).hasSize(1);
        assertThat(staff.post(path + "/delete", with(fields(question), "revision", "1"))
                        .status())
                .isEqualTo(409);
        assertThat(staff.post(path + "/delete", fields(question)).status()).isEqualTo(302);
        assertThat(SERVER.patron().services().scripts.list(STORE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "name, '', A script's name",
        "contents, '', A script's contents",
        "order, first, A script's order is a whole number from 0 to 9999.",
        "every_page, false, Choose at least one kind of page"
    })
    void newScript_wrong_saysWhatAndKeepsTheRest(String field, String value, String fault) {
        Map<String, String> form = new HashMap<>(Map.of(
                "name",
                "A fine name",
                "contents",
                "<!-- fine -->",
                "place",
                "HEAD",
                "every_page",
                "true",
                "order",
                "100",
                "enabled",
                "on"));
        form.put(field, value);

        Answer answer = staff.post(PATH + "/new-script", form);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(text(answer)).contains(fault);
        assertThat(answer.body()).contains(field.equals("name") ? "fine --" : "A fine name");
        assertThat(SERVER.patron().services().scripts.list(STORE)).isEmpty();
    }

    // Members

    @Test
    void member_isInvitedAsStaff_andBecomesThatOnce() {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());
        String link = link(operator.post("/members", Map.of("role", "STAFF", "store_hash", OTHER_STORE)));
        String target = link.substring(link.indexOf("/welcome/"));
        logs.watch(target.substring("/welcome/".length()));
        String address = address();

        ConsoleBrowser invited = ConsoleBrowser.at(SERVER, logs);
        assertThat(text(invited.open(target))).contains("Join the staff of a store");
        Answer joined = invited.post(
                "/welcome",
                Map.of("name", "Invited", "email", address, "password", PASSWORD, "password_confirmation", PASSWORD));
        assertThat(joined.status()).isEqualTo(302);

        assertThat(invited.get("/panel").header("Location")).contains("/panel/stores/" + OTHER_STORE);
        assertThat(invited.get("/panel/stores/" + OTHER_STORE).status()).isEqualTo(200);
        assertThat(problem(invited.get(PATH))).isEqualTo("404 not_found");
        assertThat(ConsoleBrowser.at(SERVER, logs).get(target).status()).isEqualTo(404);
    }

    @Test
    void member_disabled_isSignedOut_andThePasswordLinkWorksOnce() {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());
        long id = SERVER.patron().services().members.list(0, 1000).stream()
                .filter(member -> member.role() == Role.STAFF)
                .toList()
                .getLast()
                .id();
        assertThat(staff.isSignedIn()).isTrue();

        Answer question = operator.get("/members/" + id + "/disable");
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("Links that they made for customers’ passwords work until they are used");
        assertThat(staff.isSignedIn()).isTrue();
        operator.post("/members/" + id + "/disable", Map.of("disabled", "true", "block_apps", "true"));

        assertThat(staff.isSignedIn()).isFalse();
        operator.post("/members/" + id + "/disable", Map.of("disabled", "false"));
        String link = link(operator.post("/members/" + id + "/password-link", Map.of()));
        assertThat(link).contains("/reset-password/");
    }

    @Test
    void invitationOfAnOperator_isAskedAboutFirst() {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());

        Answer question = operator.post("/members", Map.of("role", "OPERATOR"));

        assertThat(question.body()).doesNotContain("/welcome/");
        assertThat(text(question)).contains("This gives power away", "becomes an operator of this server");
        assertThat(link(operator.post("/members", fields(question)))).contains("/welcome/");
    }

    @Test
    void members_wrongForms_saySo() {
        ConsoleBrowser operator = member(Role.OPERATOR, Optional.empty());
        long self = SERVER.patron().services().members.list(0, 1000).stream()
                .filter(member -> member.role() == Role.OPERATOR)
                .toList()
                .getLast()
                .id();

        assertThat(text(operator.post("/members", Map.of("role", "KING")))).contains("Choose what the member may do.");
        assertThat(text(operator.post("/members", Map.of("role", "STAFF"))))
                .contains("Choose the store whose staff the member belongs to.");
        Answer own = operator.post("/members/" + self + "/disable", Map.of("disabled", "true"));
        assertThat(own.status()).isEqualTo(409);
        assertThat(text(own)).contains("You cannot disable your own account");
    }

    private ConsoleBrowser member(Role role, Optional<String> store) {
        String address = address();
        try {
            SERVER.patron().services().members.create(new NewMember(address, "Member", role, store), PASSWORD);
        } catch (MemberExistsException twice) {
            throw new IllegalArgumentException(twice);
        }
        ConsoleBrowser browser = ConsoleBrowser.at(SERVER, logs);
        assertThat(browser.signIn(address, PASSWORD).status()).isEqualTo(302);
        return browser;
    }

    private Customer customer(String firstName, String lastName) {
        return SERVER.addCustomer(STORE, address(), firstName, lastName);
    }

    private Browser signedIn(Customer customer) {
        Browser browser = Browser.at(SERVER, logs);
        assertThat(browser.signIn(customer.email(), TestServer.PASSWORD).status())
                .isEqualTo(302);
        return browser;
    }

    private Answer signIn(String email, String password) {
        return Browser.at(SERVER, logs).signIn(email, password);
    }

    private static Optional<Customer> find(Customer customer) {
        return SERVER.patron().services().customers.find(STORE, customer.id());
    }

    private String address() {
        String address = "somebody" + COUNTER.incrementAndGet() + "@example.com";
        logs.watch(address);
        return address;
    }

    private static int rows(Answer answer) {
        return answer.body().split("<tr>", -1).length - 2;
    }

    private static String link(Answer answer) {
        Matcher link = Pattern.compile("id=\"link\"[^>]*>([^<]*)<").matcher(answer.body());
        if (!link.find()) {
            throw new AssertionError("No link in " + answer.status() + " " + answer.body());
        }
        return link.group(1).strip().replace("&amp;", "&");
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> changed = new HashMap<>(fields);
        changed.put(name, value);
        return changed;
    }

    private static String value(Answer answer, String field) {
        return Objects.requireNonNull(fields(answer).get(field));
    }

    /** The values of a page's fields, by name; those of the first form where several have one. */
    private static Map<String, String> fields(Answer answer) {
        Map<String, String> fields = new HashMap<>();
        Matcher inputs = Pattern.compile("<input\\b[^>]*\\bname=\"([^\"]*)\"[^>]*\\bvalue=\"([^\"]*)\"[^>]*>")
                .matcher(answer.body());
        while (inputs.find()) {
            fields.putIfAbsent(inputs.group(1), inputs.group(2));
        }
        return fields;
    }
}
