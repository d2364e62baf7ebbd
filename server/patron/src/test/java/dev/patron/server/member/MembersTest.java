package dev.patron.server.member;

import static dev.patron.server.TestServices.ADDRESS;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.NewApp;
import dev.patron.server.member.MemberSignIn.Refused;
import dev.patron.server.member.MemberSignIn.SignedIn;
import dev.patron.server.member.MemberSignIn.TooManyAttempts;
import dev.patron.server.member.Members.Deletion;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.UniqueViolationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class MembersTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String OTHER_PASSWORD = "a staple, and not the horse";
    private static final String EMAIL = "Dev@Example.com";

    private final StorageEngine engine;
    private TestServices services;
    private Member dev;

    MembersTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) throws MemberExistsException {
        services = TestServices.open(
                engine,
                folder,
                "patron.sign-in.attempts-per-account=3",
                "patron.sign-in.attempts-per-address=20",
                "patron.sign-in.window=1d",
                "patron.passwords.hashes-at-once=8",
                "patron.console.idle-limit=2h",
                "patron.console.absolute-limit=1d");
        dev = services.members.create(NewMember.developer(EMAIL, " Dev "), PASSWORD);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void create_details_areKeptAsWritten() {
        assertThat(dev.email()).isEqualTo(EMAIL);
        assertThat(dev.name()).isEqualTo("Dev");
        assertThat(dev.role()).isEqualTo(Role.DEVELOPER);
        assertThat(dev.secondFactor()).isFalse();
        assertThat(services.members.find(dev.id())).contains(dev);
        assertThat(services.members.list(0, 10)).containsExactly(dev);
    }

    @Test
    void create_sameAddressInOtherLetters_isRefused() {
        assertThatExceptionOfType(MemberExistsException.class)
                .isThrownBy(() -> services.members.create(NewMember.operator("DEV@example.COM", "Other"), PASSWORD));
        assertThat(services.members.list(0, 10)).hasSize(1);
    }

    @Test
    void newMember_staffWithoutAStore_isAMistakeOfTheProgram() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NewMember(EMAIL, "S", Role.STAFF, Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NewMember(EMAIL, "S", Role.DEVELOPER, Optional.of(STORE_A)));
    }

    @Test
    void lists_ofMoreThanTwoHundred_haveEveryoneOnce() {
        services.database.transaction(handle -> {
            PreparedBatch batch = handle.prepareBatch("insert into member (email, email_key, name, password_hash, role,"
                    + " disabled, factor_step, created_at) values (?, ?, ?, '', 'DEVELOPER', false, 0, ?)");
            for (int i = 0; i < 250; i++) {
                batch.bind(0, i + "@example.com")
                        .bind(1, i + "@example.com")
                        .bind(2, "Name " + i % 5)
                        .bind(3, Database.moment(services.clock.instant()))
                        .add();
            }
            return batch.execute();
        });

        List<Member> byId = all((after, most) -> services.members.list(after, most));
        List<Member> byName = all((after, most) -> services.members.listByName(after, most));

        assertThat(byId).hasSize(251).extracting(Member::id).isSorted().doesNotHaveDuplicates();
        assertThat(byName).containsExactlyInAnyOrderElementsOf(byId);
        assertThat(byName).extracting(Member::name).isSorted();
        assertThat(services.members.listByName(Long.MAX_VALUE, 3)).isEqualTo(byName.subList(0, 3));
    }

    private static List<Member> all(BiFunction<Long, Integer, List<Member>> list) {
        List<Member> all = new ArrayList<>();
        List<Member> page = list.apply(0L, 60);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = list.apply(page.getLast().id(), 60);
        }
        return all;
    }

    @Test
    void staff_areOfTheirStore() throws MemberExistsException {
        Member a = services.members.create(
                new NewMember("a@example.com", "A", Role.STAFF, Optional.of(STORE_A)), PASSWORD);

        assertThat(services.members.find(a.id()).orElseThrow().storeHash()).contains(STORE_A);
    }

    @Test
    void names_areOfThoseWhoAreThere() throws MemberExistsException {
        Member op = services.members.create(NewMember.operator("op@example.com", "Op"), PASSWORD);

        assertThat(services.members.names(List.of(dev.id(), op.id(), op.id(), 99L)))
                .isEqualTo(Map.of(dev.id(), "Dev", op.id(), "Op"));
        assertThat(services.members.firstOperator()).contains(op);
    }

    @Test
    void otherUniqueConstraint_isNoTakenAddress() {
        services.database.with(handle -> handle.execute("create unique index one_name on member (name)"));

        assertThatExceptionOfType(MemberExistsException.class)
                .isThrownBy(() -> services.members.create(NewMember.developer(EMAIL, "Other"), PASSWORD));
        assertThatExceptionOfType(UniqueViolationException.class)
                .isThrownBy(() -> services.members.create(NewMember.developer("other@example.com", "Dev"), PASSWORD));
    }

    @Test
    void signIn_rightPassword_isASessionOfTheMember() {
        BearerSecret session = signedIn(signIn("dev@example.com", PASSWORD));

        assertThat(services.members.signedIn(session)).contains(dev);
        services.memberSessions.end(session);
        assertThat(services.members.signedIn(session)).isEmpty();
    }

    @Test
    void signIn_unknownWrongAndDisabled_areTheSame() {
        assertThat(signIn(EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
        assertThat(signIn(EMAIL, "wrong password")).isEqualTo(new Refused());
        assertThat(signIn("nobody@example.com", PASSWORD)).isEqualTo(new Refused());
        services.members.setDisabled(dev.id(), true);
        assertThat(signIn(EMAIL, PASSWORD)).isEqualTo(new Refused());
    }

    @Test
    void signIn_afterTooManyAttempts_doesNotLookAtThePassword() {
        for (int i = 0; i < 3; i++) {
            assertThat(signIn(EMAIL, "wrong password")).isEqualTo(new Refused());
        }
        assertThat(signIn(EMAIL, PASSWORD)).isInstanceOf(TooManyAttempts.class);
        // Customers' attempts are counted apart.
        services.customer(STORE_A, EMAIL, PASSWORD);
        assertThat(services.signIn(STORE_A, EMAIL, PASSWORD))
                .isInstanceOf(dev.patron.server.customer.SignIn.SignedIn.class);
    }

    @Test
    void session_unseenTooLong_hasEnded() {
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));
        services.clock.advance(Duration.ofHours(2).minusSeconds(1));
        assertThat(services.members.signedIn(session)).isPresent();
        services.clock.advance(Duration.ofHours(2).minusSeconds(1));
        assertThat(services.members.signedIn(session)).isPresent();
        services.clock.advance(Duration.ofHours(2));
        assertThat(services.members.signedIn(session)).isEmpty();
    }

    @Test
    void session_tooOld_hasEndedHoweverBusy() {
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));
        for (int hour = 1; hour < 24; hour++) {
            services.clock.advance(Duration.ofHours(1));
            assertThat(services.members.signedIn(session)).isPresent();
        }
        services.clock.advance(Duration.ofHours(1));
        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(services.memberSessions.sweep()).isEqualTo(1);
        assertThat(services.rows("member_session")).isZero();
    }

    @Test
    void changePassword_endsEverySessionAndBeginsOne() {
        BearerSecret before = signedIn(signIn(EMAIL, PASSWORD));

        assertThat(services.members
                        .changePassword(dev, "wrong password", OTHER_PASSWORD, true)
                        .signIn())
                .isEqualTo(new Refused());
        assertThat(services.members.signedIn(before)).isPresent();
        BearerSecret now = signedIn(services.members
                .changePassword(dev, PASSWORD, OTHER_PASSWORD, false)
                .signIn());

        assertThat(services.members.signedIn(before)).isEmpty();
        assertThat(services.members.signedIn(now)).contains(dev);
        assertThat(signIn(EMAIL, PASSWORD)).isEqualTo(new Refused());
        assertThat(signIn(EMAIL, OTHER_PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void changePassword_revokesAccessTokens_whereThatIsWanted() {
        giveAccessToken();
        Members.PasswordChange kept = services.members.changePassword(dev, PASSWORD, OTHER_PASSWORD, false);
        assertThat(kept.signIn()).isInstanceOf(SignedIn.class);
        assertThat(kept.revokedTokens()).isZero();
        assertThat(services.rows("access_token")).isEqualTo(1);
        assertThat(services.members.changePassword(dev, PASSWORD, PASSWORD, true))
                .isEqualTo(new Members.PasswordChange(new Refused(), 0));
        assertThat(services.rows("access_token")).isEqualTo(1);

        Members.PasswordChange revoked = services.members.changePassword(dev, OTHER_PASSWORD, PASSWORD, true);

        assertThat(revoked.signIn()).isInstanceOf(SignedIn.class);
        assertThat(revoked.revokedTokens()).isEqualTo(1);
        assertThat(services.rows("access_token")).isZero();
    }

    @Test
    void passwordLink_thatRevokesTokens_endsWhatAThiefOfThePasswordHasAndMakesMeanwhile() {
        giveAccessToken();
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));
        assertThat(services.members.signedIn(session)).isPresent();

        Members.PasswordLink link =
                services.members.createPasswordLink(dev.id(), true).orElseThrow();

        assertThat(link.revokedTokens()).isEqualTo(1);
        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(services.rows("access_token")).isZero();
        // The old password works until the link is used.
        giveAccessToken();
        assertThat(services.members.resetPassword(link.secret(), OTHER_PASSWORD))
                .isTrue();
        assertThat(services.rows("access_token")).isZero();
    }

    @Test
    void passwordLink_thatKeepsTokens_endsSessionsOnceItIsUsed() {
        giveAccessToken();
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));

        Members.PasswordLink link =
                services.members.createPasswordLink(dev.id(), false).orElseThrow();

        assertThat(link.revokedTokens()).isZero();
        assertThat(services.members.findByPasswordLink(link.secret())).contains(dev);
        assertThat(services.members.signedIn(session)).isPresent();
        assertThat(services.members.resetPassword(link.secret(), OTHER_PASSWORD))
                .isTrue();
        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(services.rows("access_token")).isEqualTo(1);
        assertThat(services.members.resetPassword(link.secret(), PASSWORD)).isFalse();
    }

    @Test
    void passwordLink_ofEitherKind_endsWithTheNextOneAndWithWhateverEndsIt() throws Exception {
        for (boolean revokes : List.of(true, false)) {
            Member member = services.members.create(NewMember.developer(revokes + "@example.com", "Dev"), PASSWORD);
            BearerSecret first = passwordLink(member, revokes);
            BearerSecret next = passwordLink(member, !revokes);
            assertThat(services.members.findByPasswordLink(first)).isEmpty();
            assertThat(services.members.findByPasswordLink(next)).contains(member);

            services.members.changePassword(member, PASSWORD, OTHER_PASSWORD, false);
            assertThat(services.members.resetPassword(next, PASSWORD)).isFalse();

            BearerSecret disabled = passwordLink(member, revokes);
            assertThat(services.members.findByPasswordLink(disabled)).contains(member);
            services.members.setDisabled(member.id(), true);
            services.members.setDisabled(member.id(), false);
            assertThat(services.members.resetPassword(disabled, PASSWORD)).isFalse();

            BearerSecret deleted = passwordLink(member, revokes);
            assertThat(services.rows("one_time_link")).isEqualTo(1);
            assertThat(services.members.delete(member, OTHER_PASSWORD)).isEqualTo(Members.Deletion.DELETED);
            assertThat(services.members.resetPassword(deleted, PASSWORD)).isFalse();
            assertThat(services.rows("one_time_link")).isZero();
            assertThat(services.members.createPasswordLink(member.id(), revokes))
                    .isEmpty();
        }
    }

    private BearerSecret passwordLink(Member member, boolean revokesTokens) {
        return services.members
                .createPasswordLink(member.id(), revokesTokens)
                .orElseThrow()
                .secret();
    }

    private void giveAccessToken() {
        BearerSecret token = new AccessTokens(services.database, services.clock)
                .create(dev.id(), new NewAccessToken("Deploys", Set.of(Scope.APPS_READ), Optional.empty()));
        assertThat(token).isNotNull();
    }

    @Test
    void setDisabled_endsSessionsAtOnce_andEnablingBringsNoneBack() {
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));

        assertThat(services.members.setDisabled(dev.id(), true)).isTrue();
        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(services.members.setDisabled(dev.id(), false)).isTrue();
        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(signIn(EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
        assertThat(services.members.setDisabled(12345, true)).isFalse();
    }

    @Test
    void signUpByLink_worksOnce() throws MemberExistsException {
        BearerSecret link = services.links.create(Purpose.FIRST_OPERATOR, "");
        NewMember first = NewMember.operator("op@example.com", "Op");
        assertThat(services.members.hasOperator()).isFalse();

        assertThat(services.members.signUpByLink(Purpose.FIRST_OPERATOR, link, first, PASSWORD))
                .isPresent();

        assertThat(services.members.hasOperator()).isTrue();
        NewMember second = NewMember.operator("op2@example.com", "Op");
        assertThat(services.members.signUpByLink(Purpose.FIRST_OPERATOR, link, second, PASSWORD))
                .isEmpty();
        assertThat(services.members.list(0, 10)).hasSize(2);
    }

    @Test
    void signUpByLink_atOnceByMany_makesOneMember() throws Exception {
        BearerSecret link = services.links.create(Purpose.FIRST_OPERATOR, "");
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            NewMember details = NewMember.operator("op" + i + "@example.com", "Op");
            attempts.add(() -> services.members
                    .signUpByLink(Purpose.FIRST_OPERATOR, link, details, PASSWORD)
                    .isPresent());
        }

        assertThat(Together.run(attempts)).filteredOn(made -> made).hasSize(1);
        assertThat(services.members.list(0, 10)).hasSize(2);
    }

    @Test
    void signUpByLink_addressTaken_leavesTheLink() throws MemberExistsException {
        BearerSecret link = services.links.create(Purpose.INVITATION, "DEVELOPER");

        assertThatExceptionOfType(MemberExistsException.class)
                .isThrownBy(() -> services.members.signUpByLink(
                        Purpose.INVITATION, link, NewMember.developer(EMAIL, "Again"), PASSWORD));

        assertThat(services.links.look(Purpose.INVITATION, link)).contains("DEVELOPER");
        assertThat(services.members.signUpByLink(
                        Purpose.INVITATION, link, NewMember.developer("new@example.com", "New"), PASSWORD))
                .isPresent();
    }

    @Test
    void link_ofAnotherPurposeOrExpiredOrReplaced_doesNotWork() {
        BearerSecret link = services.links.create(Purpose.MEMBER_PASSWORD, Long.toString(dev.id()));
        assertThat(services.links.look(Purpose.MEMBER_PASSWORD, link)).contains(Long.toString(dev.id()));
        assertThat(services.links.look(Purpose.CUSTOMER_PASSWORD, link)).isEmpty();
        BearerSecret later = services.links.create(Purpose.MEMBER_PASSWORD, Long.toString(dev.id()));
        assertThat(services.links.look(Purpose.MEMBER_PASSWORD, link)).isEmpty();
        services.clock.advance(Purpose.MEMBER_PASSWORD.validity());
        assertThat(services.links.look(Purpose.MEMBER_PASSWORD, later)).isEmpty();
        assertThat(services.members.resetPassword(later, OTHER_PASSWORD)).isFalse();
        assertThat(signIn(EMAIL, PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void resetPassword_byALink_endsEverySession() {
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));
        BearerSecret link = services.links.create(Purpose.MEMBER_PASSWORD, Long.toString(dev.id()));

        assertThat(services.members.resetPassword(link, OTHER_PASSWORD)).isTrue();

        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(signIn(EMAIL, OTHER_PASSWORD)).isInstanceOf(SignedIn.class);
        assertThat(services.members.resetPassword(link, PASSWORD)).isFalse();
    }

    @Test
    void delete_needsThePasswordAndNoApps() {
        String clientId = services.apps
                .create(new NewApp(details(), Optional.empty(), Optional.empty(), Set.of(), Optional.of(dev.id())))
                .app()
                .clientId();
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));

        assertThat(services.members.delete(dev, "wrong password")).isEqualTo(Deletion.WRONG_PASSWORD);
        assertThat(services.members.delete(dev, PASSWORD)).isEqualTo(Deletion.HAS_APPS);
        assertThat(services.apps.delete(clientId, OptionalLong.empty())).isTrue();
        assertThat(services.members.delete(dev, PASSWORD)).isEqualTo(Deletion.DELETED);

        assertThat(services.members.signedIn(session)).isEmpty();
        assertThat(services.members.find(dev.id())).isEmpty();
        assertThat(services.rows("member_session")).isZero();
    }

    @Test
    void lastOperator_staysEvenWhenTwoLeaveAtOnce() throws Exception {
        Member one = services.members.create(NewMember.operator("one@example.com", "One"), PASSWORD);
        Member two = services.members.create(NewMember.operator("two@example.com", "Two"), PASSWORD);

        List<Deletion> outcomes = Together.run(
                List.of(() -> services.members.delete(one, PASSWORD), () -> services.members.delete(two, PASSWORD)));

        assertThat(outcomes).containsExactlyInAnyOrder(Deletion.DELETED, Deletion.LAST_OPERATOR);
        assertThat(services.members.hasOperator()).isTrue();
        Member left = services.members.find(one.id()).isPresent() ? one : two;
        assertThat(services.members.setDisabled(left.id(), true)).isFalse();
    }

    @Test
    void signIn_besideADisabling_leavesNoSession() throws Exception {
        for (int round = 0; round < 10; round++) {
            services.members.setDisabled(dev.id(), false);
            List<Callable<Boolean>> both = List.of(
                    () -> services.members.setDisabled(dev.id(), true),
                    () -> signIn(EMAIL, PASSWORD) instanceof SignedIn);
            Together.run(both);
            assertThat(services.rows("member_session")).isZero();
        }
    }

    @Test
    void databaseFiles_holdNoPasswordSessionOrLink() {
        BearerSecret session = signedIn(signIn(EMAIL, PASSWORD));
        BearerSecret link = services.links.create(Purpose.INVITATION, "STAFF an-odd-subject");

        assertThat(session.toString() + link + dev).doesNotContain(session.reveal(), link.reveal(), EMAIL);
        assertThat(services.filesContain("an-odd-subject")).isTrue();
        assertThat(services.filesContain(session.reveal())).isFalse();
        assertThat(services.filesContain(link.reveal())).isFalse();
        assertThat(services.filesContain(PASSWORD)).isFalse();
    }

    private MemberSignIn signIn(String email, String password) {
        return services.members.signIn(email, password, ADDRESS);
    }

    private static BearerSecret signedIn(MemberSignIn outcome) {
        assertThat(outcome).isInstanceOf(SignedIn.class);
        return ((SignedIn) outcome).session();
    }

    private static AppDetails details() {
        return NewApp.named("App").details();
    }
}
