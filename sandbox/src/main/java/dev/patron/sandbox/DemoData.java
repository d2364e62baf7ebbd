package dev.patron.sandbox;

import dev.patron.server.PatronServer;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.NewApp;
import dev.patron.server.app.PersonalClaim;
import dev.patron.server.customer.EmailTakenException;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordHash;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.sql.DataFolder;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The demo store's customers and its app, made at the first start. */
final class DemoData {

    static final String STORE_HASH = "abc123";
    static final String STORE_NAME = "Alder & Ash";
    static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    static final long DEMO_CUSTOMER_ID = 4927;
    static final String DEMO_EMAIL = "john.doe@gmail.com";
    static final String DEVELOPER_EMAIL = "dev@example.com";
    static final String PASSWORD = "patron-sandbox";

    /** The file in the data folder that tells the demo app's secret, readable by its owner only. */
    static final String SECRET_FILE = "sandbox-client-secret";

    /** Gives the demo app's secret at the first start: 64 hexadecimal digits. */
    static final String SECRET_VARIABLE = "PATRON_SANDBOX_SECRET";

    private static final int SECRET_BYTES = 32;

    private record Person(long id, String email, String firstName, String lastName, long groupId) {}

    private static final List<Person> PEOPLE = List.of(
            new Person(DEMO_CUSTOMER_ID, DEMO_EMAIL, "John", "Doe", 6),
            new Person(4928, "jane.roe@example.com", "Jane", "Roe", 6),
            new Person(4929, "guest.without.group@example.com", "Noah", "Freeman", 0),
            new Person(4930, "zoe.muller@example.com", "Zoë", "Müller", 1),
            new Person(4931, "li.wei@example.com", "李", "伟", 2),
            new Person(4932, "amara.okafor@example.com", "Amara", "Okafor", 6),
            new Person(4933, "sofia.rossi@example.com", "Sofia", "Rossi", 3),
            new Person(4934, "liam.obrien@example.com", "Liam", "O’Brien", 1),
            new Person(4935, "priya.sharma@example.com", "Priya", "Sharma", 2),
            new Person(4936, "mateo.garcia@example.com", "Mateo", "García", 3),
            new Person(4937, "emma.nielsen@example.com", "Emma", "Nielsen", 12),
            new Person(4938, "yusuf.demir@example.com", "Yusuf", "Demir", 45),
            new Person(4939, "disabled@example.com", "Dina", "Disabled", 6));
    private static final long DISABLED_CUSTOMER_ID = 4939;

    private final PatronServer server;
    private final Path data;

    DemoData(PatronServer server, Path data) {
        this.server = server;
        this.data = data;
    }

    /**
     * Makes what is missing; what is there stays as it is. A demo app that was deleted stays deleted.
     *
     * @return the demo app's secret
     */
    String load(Map<String, String> environment) {
        if (server.services().stores.find(STORE_HASH).isEmpty()) {
            server.services().stores.create(STORE_HASH, STORE_NAME, false, List.of("localhost", "127.0.0.1", "[::1]"));
        }
        server.services().stores.update(STORE_HASH, OptionalLong.empty(), store -> store.openToDevelopers(true));
        if (server.services().customers.find(STORE_HASH, DISABLED_CUSTOMER_ID).isEmpty()) {
            loadPeople();
        }
        loadDeveloper();
        return loadApp(environment.get(SECRET_VARIABLE));
    }

    private void loadDeveloper() {
        if (!server.services().members.list(0, 1).isEmpty()) {
            return;
        }
        try {
            server.services().members.create(NewMember.developer(DEVELOPER_EMAIL, "Demo Developer"), PASSWORD);
        } catch (MemberExistsException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whose the demo app is: the demo developer's, while there is one. */
    Optional<Long> developer() {
        return server.services().members.findByEmail(DEVELOPER_EMAIL).map(Member::id);
    }

    private String loadApp(@Nullable String given) {
        if (given != null && !given.matches("[0-9a-f]{64}")) {
            throw new InvalidOptionException(SECRET_VARIABLE
                    + ": The value is not a client secret. Allowed are 64 hexadecimal digits (0-9, a-f).");
        }
        Path file = data.resolve(SECRET_FILE);
        String known = DataFolder.secret(file, () -> given == null ? createSecret() : given);
        if (server.services().apps.isDeleted(CLIENT_ID)) {
            return known;
        }
        if (server.services().apps.find(CLIENT_ID).isEmpty()) {
            server.services()
                    .apps
                    .create(new NewApp(
                            new AppDetails(
                                    "Demo app",
                                    "Asks who is signed in to the demo store.",
                                    JwsAlgorithm.HS256,
                                    Set.of(),
                                    EnumSet.allOf(PersonalClaim.class),
                                    Set.of()),
                            Optional.of(CLIENT_ID),
                            Optional.of(ClientSecret.of(known)),
                            Set.of(STORE_HASH),
                            developer()));
        }
        if (given != null && !given.equals(known)) {
            server.services()
                    .rotation
                    .rotateNow(CLIENT_ID, OptionalLong.empty(), Optional.of(ClientSecret.of(given)), true);
            DataFolder.replaceSecret(file, given);
            return given;
        }
        return known;
    }

    /** Everybody has the same password, which is no secret: one hash serves them all. */
    private void loadPeople() {
        PasswordHash hash = server.services().passwords.hash(PASSWORD);
        for (Person person : PEOPLE) {
            if (server.services().customers.find(STORE_HASH, person.id()).isEmpty()) {
                try {
                    server.services()
                            .customers
                            .importCustomer(
                                    person.id(),
                                    STORE_HASH,
                                    new NewCustomer(
                                            person.email(), person.firstName(), person.lastName(), person.groupId()),
                                    hash);
                } catch (EmailTakenException signedUpMeanwhile) {
                    continue;
                }
            }
            if (person.id() == DISABLED_CUSTOMER_ID) {
                server.services().customers.setDisabled(STORE_HASH, person.id(), OptionalLong.empty(), true);
            }
        }
    }

    private static String createSecret() {
        byte[] bits = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }
}
