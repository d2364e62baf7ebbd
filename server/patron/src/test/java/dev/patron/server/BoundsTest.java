package dev.patron.server;

import static dev.patron.server.TestServices.ADDRESS;
import static dev.patron.server.TestServices.PASSWORD;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.app.AppDetails;
import dev.patron.server.app.Apps;
import dev.patron.server.app.InvalidAppException;
import dev.patron.server.app.NewApp;
import dev.patron.server.app.PersonalClaim;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberSessions;
import dev.patron.server.member.MemberSignIn.CodeNeeded;
import dev.patron.server.member.MemberSignIn.SignedIn;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.member.Totp;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.store.InvalidStoreException;
import dev.patron.server.store.StoreDetails;
import dev.patron.server.store.Stores;
import dev.patron.token.JwsAlgorithm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one member or one store can have of something, and no more. */
@OnEachEngine
class BoundsTest {

    private static final String EMAIL = "ada@example.com";

    private final StorageEngine engine;
    private TestServices services;
    private Member member;

    BoundsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        services = TestServices.open(engine, folder);
        member = services.members.create(new NewMember(EMAIL, "Ada", Role.DEVELOPER, Optional.empty()), PASSWORD);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void memberSessions_areSoManyAtMost_andTheOldestEndsFirst() {
        BearerSecret oldest = signIn();
        BearerSecret second = signIn();
        for (int more = 2; more < MemberSessions.MOST_PER_MEMBER; more++) {
            signIn();
        }
        assertThat(services.members.signedIn(oldest)).isPresent();

        BearerSecret latest = signIn();

        assertThat(services.members.signedIn(oldest)).isEmpty();
        assertThat(services.members.signedIn(second)).isPresent();
        assertThat(services.members.signedIn(latest)).isPresent();
        assertThat(rows("member_session")).isEqualTo(MemberSessions.MOST_PER_MEMBER);
    }

    @Test
    void sessionsThatWaitForTheCode_areSoManyAtMost_andEndNoOthers() {
        BearerSecret signedIn = signIn();
        String key = services.secondFactor.offer(member).key();
        assertThat(services.secondFactor.confirm(member, Totp.of(key).code(services.clock.instant())))
                .isPresent();
        for (int more = 0; more <= MemberSessions.MOST_PER_MEMBER; more++) {
            services.clock.advance(Duration.ofMillis(1));
            assertThat(services.members.signIn(EMAIL, PASSWORD, ADDRESS)).isInstanceOf(CodeNeeded.class);
        }

        assertThat(services.members.signedIn(signedIn)).isPresent();
        assertThat(rows("member_session where awaits_code")).isEqualTo(MemberSessions.MOST_PER_MEMBER);
    }

    @Test
    void openInvitations_areSoManyAtMost_andTheOldestEndsFirst() {
        BearerSecret ofOthers = services.links.create(Purpose.INVITATION, "OPERATOR");
        BearerSecret oldest = invite();
        BearerSecret second = invite();
        for (int more = 2; more < OneTimeLinks.MOST_INVITATIONS; more++) {
            invite();
        }
        assertThat(services.links.look(Purpose.INVITATION, oldest)).isPresent();

        BearerSecret latest = invite();

        assertThat(services.links.look(Purpose.INVITATION, oldest)).isEmpty();
        assertThat(services.links.look(Purpose.INVITATION, second)).isPresent();
        assertThat(services.links.look(Purpose.INVITATION, latest)).isPresent();
        assertThat(services.links.look(Purpose.INVITATION, ofOthers)).isPresent();
    }

    @Test
    void apps_ofAMember_areSoManyAtMost() {
        String first = create(Optional.of(member.id()));
        for (int more = 1; more < Apps.MAX_PER_MEMBER; more++) {
            create(Optional.of(member.id()));
        }

        assertThatExceptionOfType(InvalidAppException.class)
                .isThrownBy(() -> create(Optional.of(member.id())))
                .withMessage("A member has at most 100 apps. Delete one that is not needed first.");
        create(Optional.empty());
        services.apps.delete(first, OptionalLong.empty());
        create(Optional.of(member.id()));
    }

    @Test
    void hosts_ofAStore_areSoManyAtMost() {
        assertThat(setHosts(Stores.MAX_HOSTS)).isEqualTo(Stores.MAX_HOSTS);

        assertThatExceptionOfType(InvalidStoreException.class)
                .isThrownBy(() -> setHosts(Stores.MAX_HOSTS + 1))
                .withMessage("A store has at most 100 hosts.");
        assertThat(services.stores.hosts(STORE_A)).hasSize(Stores.MAX_HOSTS);
    }

    private BearerSecret signIn() {
        services.clock.advance(Duration.ofMillis(1));
        return ((SignedIn) services.members.signIn(EMAIL, PASSWORD, ADDRESS)).session();
    }

    private BearerSecret invite() {
        services.clock.advance(Duration.ofMillis(1));
        return services.links.create(Purpose.INVITATION, "DEVELOPER");
    }

    private String create(Optional<Long> owner) {
        return services.apps
                .create(new NewApp(
                        new AppDetails(
                                "App", "", JwsAlgorithm.HS256, Set.of(), EnumSet.allOf(PersonalClaim.class), Set.of()),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(),
                        owner))
                .app()
                .clientId();
    }

    private int setHosts(int number) {
        List<String> hosts = IntStream.range(0, number)
                .mapToObj(host -> "host-" + host + ".example")
                .toList();
        services.stores.update(
                STORE_A,
                OptionalLong.empty(),
                store -> new StoreDetails(store.name(), store.https(), store.openToDevelopers(), hosts));
        return services.stores.hosts(STORE_A).size();
    }

    private int rows(String table) {
        return services.database.with(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Integer.class)
                .one());
    }
}
