package dev.patron.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.Outcome;
import dev.patron.server.account.AccountPage;
import dev.patron.server.account.CreateAccountPage;
import dev.patron.server.account.SignInPage;
import dev.patron.server.api.OperatorToken;
import dev.patron.server.app.Apps;
import dev.patron.server.app.MasterKey;
import dev.patron.server.app.NewApp;
import dev.patron.server.app.SealedSecret;
import dev.patron.server.console.MemberForms;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordHash;
import dev.patron.server.customer.SignIn;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberSignIn;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.options.Options;
import dev.patron.server.page.Visitor;
import dev.patron.server.script.Place;
import dev.patron.server.script.ScriptDetails;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.Session;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.JwsAlgorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is secret or personal never gets into a log by way of {@code toString}. */
class ToStringTest {

    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final String SECRET = "client-secret-client-secret-client-secret";
    private static final String SESSION = "session-session-session-session-session-ses";
    private static final String EMAIL = "ada@example.com";
    private static final String HASH = "$argon2id$v=19$m=1024,t=1,p=1$c2FsdA$aGFzaA";
    private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

    private static final List<String> NEVER = List.of(
            KEY, SECRET, SESSION, EMAIL, HASH, TOKEN, "example.com", "Ada", "Lovelace", "argon2id", "typed password");

    @Test
    void toString_ofWhatIsSecretOrPersonal_tellsNoneOfIt(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(OperatorToken.FILE), KEY);
        Properties properties = new Properties();
        properties.setProperty("patron.data", folder.toString());
        properties.setProperty("patron.master-key", KEY);
        Options options = Options.of(properties, Map.of());
        BearerSecret session = BearerSecret.parse(SESSION).orElseThrow();
        ClientSecret secret = ClientSecret.of(SECRET);
        Customer customer = new Customer(1, "abc123", 1, EMAIL, "Ada", "Lovelace", 6, false, 1);
        NewApp newApp = TestServices.newApp(
                "App", "", Optional.empty(), Optional.of(secret), JwsAlgorithm.HS256, Set.of(), Set.of(), Set.of());

        List<Object> values = List.of(
                session,
                session.hash(),
                customer,
                new NewCustomer(EMAIL, "Ada", "Lovelace", 6),
                new PasswordHash(HASH),
                new SignIn.SignedIn(customer, session),
                new Visitor(customer, session),
                new Session(1, TestClock.START, TestClock.START, true),
                new SignInPage(EMAIL, "/", null, null),
                new CreateAccountPage("Ada", "Lovelace", EMAIL, 8, Map.of()),
                new AccountPage(customer, List.of(), 8, Map.of(), null),
                new Member(1, EMAIL, "Ada", Role.DEVELOPER, Optional.empty(), true, false, TestClock.START),
                NewMember.developer(EMAIL, "Ada"),
                new MemberSignIn.CodeNeeded(session),
                new SecondFactor.Offer(KEY, SECRET),
                new MemberForms.SignIn(EMAIL, "/", null, null, true),
                new MemberForms.SignUp(
                        "t", "l", new MemberForms.Target("/welcome/" + SESSION, ""), "Ada", EMAIL, 8, Map.of()),
                new MemberForms.NewPassword(EMAIL, "0", 8, Map.of()),
                new MemberForms.Factor(new SecondFactor.Offer(KEY, SECRET), Map.of()),
                new MemberForms.RecoveryCodes(List.of(SECRET)),
                new MemberForms.MadeAccessToken("n", "patron_" + SESSION),
                secret,
                newApp,
                SealedSecret.of(SECRET.getBytes(StandardCharsets.UTF_8)),
                MasterKey.of(options),
                OperatorToken.of(options),
                options,
                new Outcome.Issued(TOKEN),
                new ScriptDetails("n", Place.HEAD, Set.of(), "<script>key = '" + SECRET + "'</script>", true, 0),
                CurrentCustomerClaims.of("client", "abc123", 1, EMAIL, 6, TestClock.START));

        assertThat(values).allSatisfy(value -> {
            assertThat(value.toString()).isNotEmpty();
            assertThat(NEVER).allSatisfy(never -> assertThat(value.toString()).doesNotContain(never));
        });
    }

    @Test
    void toString_ofARegistration_tellsTheAppAndNotItsSecret(@TempDir Path folder) {
        try (TestServices services = TestServices.open(StorageEngine.H2, folder)) {
            Apps.Registered registered = services.apps.create(NewApp.named("Loyalty points"));

            assertThat(registered.toString())
                    .contains("Loyalty points")
                    .doesNotContain(registered.secret().reveal());
        }
    }
}
