package dev.patron.server.member;

import static dev.patron.server.TestServices.ADDRESS;
import static dev.patron.server.TestServices.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.InvalidAppException;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.failure.DomainException;
import dev.patron.server.member.MemberSignIn.CodeNeeded;
import dev.patron.server.member.MemberSignIn.Refused;
import dev.patron.server.member.MemberSignIn.SignedIn;
import dev.patron.server.member.MemberSignIn.TooManyAttempts;
import dev.patron.server.member.Members.Deletion;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens at once at the console, and what must not outlive a change: whichever comes first, nothing of the old is left. */
@OnEachEngine
class MemberRaceTest {

    private static final String OTHER_PASSWORD = "a staple, and not the horse";
    private static final int ROUNDS = 5;
    private static final int RACES = 30;
    private static final int THREADS = 6;

    private final StorageEngine engine;
    private TestServices services;
    private OneTimeLinks links;
    private MemberSessions sessions;
    private SecondFactor secondFactor;
    private Members members;

    MemberRaceTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(
                engine,
                folder,
                "patron.sign-in.attempts-per-account=10000",
                "patron.sign-in.attempts-per-address=1000000",
                "patron.passwords.hashes-at-once=16");
        links = new OneTimeLinks(services.database, services.clock);
        sessions = new MemberSessions(services.database, services.options, services.clock);
        secondFactor = new SecondFactor(services.database, services.masterKey, services.clock);
        members = new Members(
                services.database,
                sessions,
                secondFactor,
                links,
                services.passwords,
                new AttemptLimits(services.options, Optional.empty(), services.masterKey, services.clock, "member"),
                services.clock);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void signIn_besideADisabling_leavesNoSessionForWhenTheyAreEnabledAgain() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Member member = developer("race" + round + "@example.com");
            List<Callable<Object>> tasks = signIns(member);
            tasks.add(THREADS / 2, () -> members.setDisabled(member.id(), true));

            List<Object> outcomes = Together.run(tasks);

            assertThat(outcomes).contains(true);
            assertThat(services.rows("member_session")).isZero();
        }
    }

    @Test
    void signIn_besideAResetOfThePassword_leavesNoSession() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Member member = developer("race" + round + "@example.com");
            BearerSecret link = resetLink(member);
            List<Callable<Object>> tasks = signIns(member);
            tasks.add(THREADS / 2, () -> members.resetPassword(link, OTHER_PASSWORD));

            List<Object> outcomes = Together.run(tasks);

            assertThat(outcomes).contains(true);
            assertThat(services.rows("member_session")).isZero();
        }
    }

    @Test
    void resetPassword_atOnceByMany_worksOnce() throws Exception {
        BearerSecret link = resetLink(developer("dev@example.com"));
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String password = OTHER_PASSWORD + i;
            tasks.add(() -> members.resetPassword(link, password));
        }

        assertThat(Together.run(tasks)).filteredOn(worked -> worked).hasSize(1);
    }

    @Test
    void resetLink_besideAChangeOfThePassword_oneOfThemHappens() throws Exception {
        for (int round = 0; round < RACES; round++) {
            Member member = developer("race" + round + "@example.com");
            BearerSecret link = resetLink(member);

            List<Boolean> happened = Together.run(List.of(
                    () -> members.resetPassword(link, "chosen by the link"),
                    () -> members.changePassword(member, PASSWORD, OTHER_PASSWORD, false)
                                    .signIn()
                            instanceof SignedIn));

            assertThat(happened).containsExactlyInAnyOrder(true, false);
            String chosen = happened.getFirst() ? "chosen by the link" : OTHER_PASSWORD;
            assertThat(signIn(member, chosen)).isInstanceOf(SignedIn.class);
            assertThat(links.look(Purpose.MEMBER_PASSWORD, link)).isEmpty();
        }
    }

    @Test
    void resetLink_besideADisabling_isGone() throws Exception {
        for (int round = 0; round < RACES; round++) {
            Member member = developer("race" + round + "@example.com");
            BearerSecret link = resetLink(member);

            List<Boolean> happened = Together.run(List.of(
                    () -> members.resetPassword(link, OTHER_PASSWORD), () -> members.setDisabled(member.id(), true)));

            assertThat(happened.get(1)).isTrue();
            assertThat(links.look(Purpose.MEMBER_PASSWORD, link)).isEmpty();
            assertThat(members.resetPassword(link, PASSWORD)).isFalse();
        }
    }

    @Test
    void accessToken_madeBesideALinkThatRevokesThem_isGoneOnceItIsUsed() throws Exception {
        AccessTokens tokens = new AccessTokens(services.database, services.clock);
        NewAccessToken details = new NewAccessToken("Deploys", Set.of(Scope.APPS_READ), Optional.empty());
        for (int round = 0; round < RACES; round++) {
            Member member = developer("race" + round + "@example.com");

            List<Optional<BearerSecret>> made = Together.run(List.of(
                    () -> members.createPasswordLink(member.id(), true).map(Members.PasswordLink::secret),
                    () -> Optional.of(tokens.create(member.id(), details))));
            assertThat(made.getFirst()).isPresent();
            assertThat(members.resetPassword(made.getFirst().orElseThrow(), OTHER_PASSWORD))
                    .isTrue();

            assertThat(tokens.list(member)).isEmpty();
        }
    }

    @Test
    void passwordLinks_madeAtOnceByMany_oneWorks() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Member member = developer("race" + round + "@example.com");
            List<Callable<BearerSecret>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                boolean revokes = i % 2 == 0;
                tasks.add(() -> members.createPasswordLink(member.id(), revokes)
                        .orElseThrow()
                        .secret());
            }

            List<BearerSecret> made = Together.run(tasks);

            assertThat(made)
                    .filteredOn(link -> members.findByPasswordLink(link).isPresent())
                    .hasSize(1);
        }
    }

    @Test
    void resetLink_afterAnotherChangeOfThePassword_doesNotWork() throws Exception {
        Member member = developer("dev@example.com");
        BearerSecret link = resetLink(member);
        assertThat(links.look(Purpose.MEMBER_PASSWORD, link)).isPresent();

        members.changePassword(member, PASSWORD, OTHER_PASSWORD, false);

        assertThat(members.resetPassword(link, PASSWORD)).isFalse();
        assertThat(signIn(member, OTHER_PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void resetLink_ofADisabledOrDeletedMember_doesNotWork() throws Exception {
        Member disabled = developer("disabled@example.com");
        Member deleted = developer("deleted@example.com");
        BearerSecret disabledLink = resetLink(disabled);
        BearerSecret deletedLink = resetLink(deleted);

        members.setDisabled(disabled.id(), true);
        assertThat(members.delete(deleted, PASSWORD)).isEqualTo(Deletion.DELETED);

        assertThat(members.resetPassword(disabledLink, OTHER_PASSWORD)).isFalse();
        assertThat(members.resetPassword(deletedLink, OTHER_PASSWORD)).isFalse();
    }

    @Test
    void invitations_asTheSame_allWork() throws Exception {
        BearerSecret one = links.create(Purpose.INVITATION, "DEVELOPER");
        BearerSecret other = links.create(Purpose.INVITATION, "DEVELOPER");

        assertThat(links.look(Purpose.INVITATION, one)).contains("DEVELOPER");
        assertThat(links.look(Purpose.INVITATION, other)).contains("DEVELOPER");
    }

    @Test
    void link_shownForAnotherPurpose_isNotSpentByThat() {
        BearerSecret link = links.create(Purpose.INVITATION, "DEVELOPER");

        assertThat(members.resetPassword(link, OTHER_PASSWORD)).isFalse();

        assertThat(links.look(Purpose.INVITATION, link)).isPresent();
    }

    @Test
    void firstOperatorsLink_whileThereIsOne_makesNoOther() throws Exception {
        NewMember second = NewMember.operator("second@example.com", "Second");
        members.create(NewMember.operator("first@example.com", "First"), PASSWORD);
        BearerSecret link = links.create(Purpose.FIRST_OPERATOR, "");

        assertThat(members.signUpByLink(Purpose.FIRST_OPERATOR, link, second, PASSWORD))
                .isEmpty();

        assertThat(services.rows("member")).isEqualTo(1);
        assertThat(services.rows("member_session")).isZero();
    }

    @Test
    void lastOperator_disabledBesideADeletion_oneOfThemStays() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Member one = members.create(NewMember.operator("one" + round + "@example.com", "One"), PASSWORD);
            Member two = members.create(NewMember.operator("two" + round + "@example.com", "Two"), PASSWORD);

            List<Boolean> left = Together.run(List.of(
                    () -> members.setDisabled(one.id(), true),
                    () -> members.delete(two, PASSWORD) == Deletion.DELETED));

            assertThat(left).containsExactlyInAnyOrder(true, false);
            assertThat(members.hasOperator()).isTrue();
            // For the next round, none is left.
            services.database.transaction(handle -> handle.execute("delete from member"));
        }
    }

    @Test
    void delete_besideANewApp_leavesBothOrNeither() throws Exception {
        AppDetails details = NewApp.named("App").details();
        for (int round = 0; round < ROUNDS; round++) {
            Member member = developer("race" + round + "@example.com");
            NewApp app = new NewApp(details, Optional.empty(), Optional.empty(), Set.of(), Optional.of(member.id()));

            Together.run(List.of(
                    () -> {
                        try {
                            return services.apps.create(app);
                        } catch (InvalidAppException ownerIsGone) {
                            return "none";
                        }
                    },
                    () -> members.delete(member, PASSWORD)));

            assertThat(services.apps.listOf(member.id()).isEmpty())
                    .isEqualTo(members.find(member.id()).isEmpty());
        }
    }

    // The second factor

    @Test
    void confirm_atOnceByMany_turnsItOnOnce() throws Exception {
        Member member = developer("dev@example.com");
        String code = Totp.of(secondFactor.offer(member).key()).code(services.clock.instant());
        List<Callable<Optional<List<String>>>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tasks.add(() -> secondFactor.confirm(member, code));
        }

        assertThat(Together.run(tasks)).filteredOn(Optional::isPresent).hasSize(1);
        assertThat(services.rows("recovery_code")).isEqualTo(SecondFactor.RECOVERY_CODES);
    }

    @Test
    void offer_atOnceByMany_isOneKey() throws Exception {
        Member member = developer("dev@example.com");
        List<Callable<String>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tasks.add(() -> secondFactor.offer(member).key());
        }

        Set<String> keys = Set.copyOf(Together.run(tasks));

        assertThat(keys).hasSize(1);
        assertThat(secondFactor.confirm(member, Totp.of(keys.iterator().next()).code(services.clock.instant())))
                .isPresent();
    }

    @Test
    void offer_whileItIsOn_isRefusedSoThatNobodyReplacesTheKey() throws Exception {
        Member member = developer("dev@example.com");
        turnOn(member);

        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> secondFactor.offer(member))
                .satisfies(refused -> assertThat(refused.id()).isEqualTo("second_factor_on"));
        assertThatExceptionOfType(DomainException.class).isThrownBy(() -> secondFactor.offerAnew(member));
    }

    @Test
    void offer_afterAChangeOfThePasswordOrAnew_isAnotherKey() throws Exception {
        Member member = developer("dev@example.com");
        String key = secondFactor.offer(member).key();
        assertThat(secondFactor.offer(member).key()).isEqualTo(key);

        String anew = secondFactor.offerAnew(member).key();
        members.changePassword(member, PASSWORD, OTHER_PASSWORD, false);

        assertThat(anew).isNotEqualTo(key);
        assertThat(secondFactor.confirm(member, Totp.of(anew).code(services.clock.instant())))
                .isEmpty();
        assertThat(secondFactor.offer(member).key()).isNotIn(key, anew);
    }

    @Test
    void recoveryCode_usedAtOnceByMany_letsOneIn() throws Exception {
        Member member = developer("dev@example.com");
        List<String> codes = new ArrayList<>();
        turnOn(member, codes);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            BearerSecret waiting = waiting(member);
            tasks.add(() -> members.showCode(waiting, codes.getFirst(), ADDRESS) instanceof SignedIn);
        }

        assertThat(Together.run(tasks)).filteredOn(in -> in).hasSize(1);
        assertThat(services.rows("recovery_code")).isEqualTo(SecondFactor.RECOVERY_CODES - 1);
    }

    @Test
    void waitingSession_usedAtOnceWithSeveralCodes_letsOneIn() throws Exception {
        Member member = developer("dev@example.com");
        List<String> codes = new ArrayList<>();
        turnOn(member, codes);
        BearerSecret waiting = waiting(member);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (String code : codes.subList(0, THREADS)) {
            tasks.add(() -> members.showCode(waiting, code, ADDRESS) instanceof SignedIn);
        }

        assertThat(Together.run(tasks)).filteredOn(in -> in).hasSize(1);
        assertThat(services.rows("member_session")).isEqualTo(1);
    }

    @Test
    void wrongCodes_tenInARow_pauseForAnHourAlsoAfterARestart() throws Exception {
        Member member = developer("dev@example.com");
        List<String> recoveryCodes = new ArrayList<>();
        Totp app = turnOn(member, recoveryCodes);
        BearerSecret waiting = waiting(member);
        for (int i = 0; i < 10; i++) {
            assertThat(members.showCode(waiting, app.wrongCode(services.clock.instant()), ADDRESS))
                    .isEqualTo(new Refused());
        }
        Members restarted = new Members(
                services.database,
                sessions,
                secondFactor,
                links,
                services.passwords,
                new AttemptLimits(services.options, Optional.empty(), services.masterKey, services.clock, "member"),
                services.clock);

        assertThat(restarted.showCode(waiting, app.code(services.clock.instant()), ADDRESS))
                .isEqualTo(new TooManyAttempts(Duration.ofHours(1)));
        assertThat(members.showCode(waiting, recoveryCodes.getFirst(), ADDRESS)).isInstanceOf(SignedIn.class);

        services.clock.advance(Duration.ofHours(1));
        BearerSecret again = waiting(member);
        assertThat(members.showCode(again, app.wrongCode(services.clock.instant()), ADDRESS))
                .isEqualTo(new Refused());
        assertThat(members.showCode(again, app.code(services.clock.instant()), ADDRESS))
                .isInstanceOf(TooManyAttempts.class);

        services.clock.advance(Duration.ofHours(1));
        assertThat(members.showCode(waiting(member), app.code(services.clock.instant()), ADDRESS))
                .isInstanceOf(SignedIn.class);
        services.clock.advance(Duration.ofMinutes(1));
        BearerSecret later = waiting(member);
        assertThat(members.showCode(later, app.wrongCode(services.clock.instant()), ADDRESS))
                .isEqualTo(new Refused());
        assertThat(members.showCode(later, app.code(services.clock.instant()), ADDRESS))
                .isInstanceOf(SignedIn.class);
    }

    private Member developer(String email) throws MemberExistsException {
        return members.create(NewMember.developer(email, "Dev"), PASSWORD);
    }

    private BearerSecret resetLink(Member member) {
        return links.create(Purpose.MEMBER_PASSWORD, Long.toString(member.id()));
    }

    private MemberSignIn signIn(Member member, String password) {
        return members.signIn(member.email(), password, ADDRESS);
    }

    private List<Callable<Object>> signIns(Member member) {
        List<Callable<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tasks.add(() -> signIn(member, PASSWORD));
        }
        return tasks;
    }

    private BearerSecret waiting(Member member) {
        return ((CodeNeeded) signIn(member, PASSWORD)).session();
    }

    private Totp turnOn(Member member) {
        return turnOn(member, new ArrayList<>());
    }

    /** The code that turns it on is spent: the clock moves on. */
    private Totp turnOn(Member member, List<String> recoveryCodes) {
        Totp app = Totp.of(secondFactor.offer(member).key());
        recoveryCodes.addAll(
                secondFactor.confirm(member, app.code(services.clock.instant())).orElseThrow());
        services.clock.advance(Duration.ofMinutes(1));
        return app;
    }
}
