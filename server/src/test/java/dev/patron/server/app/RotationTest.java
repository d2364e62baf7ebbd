package dev.patron.server.app;

import static dev.patron.server.TestRooms.HOST_A;
import static dev.patron.server.TestRooms.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestRooms;
import dev.patron.server.Together;
import dev.patron.server.app.AppSecret.State;
import dev.patron.server.app.RotationException.Reason;
import dev.patron.server.issuing.Outcome;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changing an app's secret: at every moment exactly one signs, and everything before it can be undone. */
@OnEachEngine
class RotationTest {

    private static final OptionalLong WHATEVER = OptionalLong.empty();

    private final StorageEngine engine;
    private TestRooms rooms;
    private BearerSecret session;
    private Apps.Registered first;

    RotationTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        rooms = TestRooms.open(engine, folder);
        session = rooms.session(rooms.customer(STORE_A, "ada@example.com"));
        first = rooms.apps.create(NewApp.named("App"));
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void rotation_stepByStep_neverLeavesTheVerifierBehind() {
        assertThat(signer()).isEqualTo(first.secret());

        Apps.Registered second = make();
        assertThat(states(second.app())).containsExactly(State.NEXT, State.SIGNING);
        assertThat(signer()).isEqualTo(first.secret());

        App signing = rooms.rotation
                .signWith(id(), WHATEVER, newest(second.app()).id(), Optional.empty())
                .orElseThrow();
        assertThat(states(signing)).containsExactly(State.SIGNING, State.PREVIOUS);
        assertThat(verifiedBy(second.secret())).isTrue();
        assertThat(verifiedBy(first.secret())).isFalse();

        // Undone: the first one signs again, the second one waits.
        App undone = rooms.rotation
                .signWith(id(), WHATEVER, oldest(signing).id(), Optional.empty())
                .orElseThrow();
        assertThat(states(undone)).containsExactly(State.NEXT, State.SIGNING);
        assertThat(verifiedBy(first.secret())).isTrue();

        rooms.rotation.signWith(id(), WHATEVER, newest(undone).id(), Optional.empty());
        App retired = rooms.rotation.retire(id(), WHATEVER, oldest(undone).id()).orElseThrow();
        assertThat(states(retired)).containsExactly(State.SIGNING);
        assertThat(verifiedBy(second.secret())).isTrue();
        assertThat(retired.revision()).isEqualTo(6);
    }

    @Test
    void signWith_atAMoment_signsFromThatMomentOn() {
        Apps.Registered second = make();
        Instant moment = rooms.clock.instant().plus(Duration.ofHours(1));
        App planned = rooms.rotation
                .signWith(id(), WHATEVER, newest(second.app()).id(), Optional.of(moment))
                .orElseThrow();

        assertThat(newest(planned).signsFrom()).contains(moment);
        assertThat(signer()).isEqualTo(first.secret());
        rooms.clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(verifiedBy(first.secret())).isTrue();
        assertThat(states(app())).containsExactly(State.NEXT, State.SIGNING);
        rooms.clock.advance(Duration.ofMillis(1));
        assertThat(verifiedBy(second.secret())).isTrue();
        assertThat(verifiedBy(first.secret())).isFalse();
        assertThat(states(app())).containsExactly(State.SIGNING, State.PREVIOUS);
        assertThat(newest(app()).signsFrom()).isEmpty();

        // What is done now builds on it: the first one is the previous one, and can go.
        App retired = rooms.rotation.retire(id(), WHATEVER, oldest(app()).id()).orElseThrow();
        assertThat(states(retired)).containsExactly(State.SIGNING);
        assertThat(verifiedBy(second.secret())).isTrue();
    }

    @Test
    void cancel_aPlan_leavesTheSignerAsItIs() {
        Apps.Registered second = make();
        Instant moment = rooms.clock.instant().plus(Duration.ofHours(1));
        rooms.rotation.signWith(id(), WHATEVER, newest(second.app()).id(), Optional.of(moment));

        App cancelled = rooms.rotation.cancel(id(), WHATEVER).orElseThrow();

        assertThat(newest(cancelled).signsFrom()).isEmpty();
        rooms.clock.advance(Duration.ofHours(2));
        assertThat(verifiedBy(first.secret())).isTrue();
        assertRefused(Reason.NOT_SCHEDULED, () -> rooms.rotation.cancel(id(), WHATEVER));
    }

    @Test
    void cancel_afterTheMoment_saysThatItHasHappened() {
        Apps.Registered second = make();
        rooms.rotation.signWith(
                id(),
                WHATEVER,
                newest(second.app()).id(),
                Optional.of(rooms.clock.instant().plusSeconds(1)));
        rooms.clock.advance(Duration.ofSeconds(1));

        assertRefused(Reason.NOT_SCHEDULED, () -> rooms.rotation.cancel(id(), WHATEVER));
        assertThat(verifiedBy(second.secret())).isTrue();
    }

    @Test
    void eachStep_whenThingsAreOtherwise_isRefusedWithItsReasonAndChangesNothing() {
        Apps.Registered second = make();
        long older = oldest(second.app()).id();
        long newer = newest(second.app()).id();
        App before = app();

        assertRefused(Reason.TWO_SECRETS, this::make);
        assertRefused(Reason.TWO_SECRETS, () -> rooms.rotation.rotateNow(id(), WHATEVER, Optional.empty(), false));
        assertRefused(Reason.SIGNING, () -> rooms.rotation.retire(id(), WHATEVER, older));
        assertRefused(Reason.NO_SUCH_SECRET, () -> rooms.rotation.retire(id(), WHATEVER, newer + 1));
        assertRefused(
                Reason.NO_SUCH_SECRET, () -> rooms.rotation.signWith(id(), WHATEVER, newer + 1, Optional.empty()));
        assertRefused(
                Reason.TOO_FAR,
                () -> rooms.rotation.signWith(
                        id(), WHATEVER, newer, Optional.of(rooms.clock.instant().plus(Duration.ofDays(367)))));
        assertThat(app()).isEqualTo(before);

        rooms.rotation.signWith(
                id(), WHATEVER, newer, Optional.of(rooms.clock.instant().plus(Duration.ofDays(365))));
        assertRefused(Reason.SCHEDULED, () -> rooms.rotation.retire(id(), WHATEVER, newer));
    }

    @Test
    void anotherAppsSecret_isNone() {
        Apps.Registered other = rooms.apps.create(NewApp.named("Other"));
        long foreign = other.app().signingSecret().id();

        assertRefused(Reason.NO_SUCH_SECRET, () -> rooms.rotation.signWith(id(), WHATEVER, foreign, Optional.empty()));
        assertRefused(Reason.NO_SUCH_SECRET, () -> rooms.rotation.retire(id(), WHATEVER, foreign));
        assertThat(rooms.rotation.reportVerified(id(), AppSecret.fingerprint(other.secret())))
                .isFalse();
    }

    @Test
    void eachStep_fromAnOldRevision_isAConflictAndChangesNothing() {
        OptionalLong current = OptionalLong.of(app().revision());
        rooms.rotation.makeSecret(id(), current, Optional.empty());
        App before = app();
        long newer = newest(before).id();

        assertConflict(() -> rooms.rotation.makeSecret(id(), current, Optional.empty()));
        assertConflict(() -> rooms.rotation.signWith(id(), current, newer, Optional.empty()));
        assertConflict(() -> rooms.rotation.retire(id(), current, newer));
        assertConflict(() -> rooms.rotation.rotateNow(id(), current, Optional.empty(), true));
        assertConflict(() -> rooms.rotation.cancel(id(), current));
        assertThat(app()).isEqualTo(before);
    }

    @Test
    void unknownApp_isEmptyEverywhere() {
        String nobody = "a".repeat(31);

        assertThat(rooms.rotation.makeSecret(nobody, WHATEVER, Optional.empty()))
                .isEmpty();
        assertThat(rooms.rotation.signWith(nobody, WHATEVER, 1, Optional.empty()))
                .isEmpty();
        assertThat(rooms.rotation.cancel(nobody, WHATEVER)).isEmpty();
        assertThat(rooms.rotation.retire(nobody, WHATEVER, 1)).isEmpty();
        assertThat(rooms.rotation.rotateNow(nobody, WHATEVER, Optional.empty(), true))
                .isEmpty();
    }

    @Test
    void rotateNow_givenASecret_takesItOverAndMakesRoom() {
        make();
        ClientSecret given = ClientSecret.of("a secret of somebody else's portal");

        App app = rooms.rotation
                .rotateNow(id(), WHATEVER, Optional.of(given), true)
                .orElseThrow()
                .app();

        assertThat(states(app)).containsExactly(State.SIGNING, State.PREVIOUS);
        assertThat(verifiedBy(given)).isTrue();
        assertThat(app.signingSecret().fingerprint()).isEqualTo(AppSecret.fingerprint(given));
        assertThat(app.signingSecret().length()).isEqualTo(34);
        assertThatExceptionOfType(InvalidAppException.class)
                .isThrownBy(() ->
                        rooms.rotation.rotateNow(id(), WHATEVER, Optional.of(ClientSecret.of("too short")), true));
    }

    @Test
    void reportVerified_isKeptWithTheSecretOfThatFingerprint() {
        Apps.Registered second = make();
        rooms.clock.advance(Duration.ofMinutes(3));

        assertThat(rooms.rotation.reportVerified(id(), AppSecret.fingerprint(second.secret())))
                .isTrue();

        assertThat(newest(app()).lastVerifiedAt()).contains(rooms.clock.instant());
        assertThat(oldest(app()).lastVerifiedAt()).isEmpty();
        assertThat(app().revision()).isEqualTo(second.app().revision());
    }

    @Test
    void open_isTheSecretsInTheOrderOfTheApp() {
        Apps.Registered second = make();

        assertThat(rooms.rotation.open(second.app()))
                .extracting(OpenedSecret::value)
                .containsExactly(second.secret(), first.secret());
        assertThat(rooms.rotation.open(second.app()))
                .extracting(OpenedSecret::about)
                .isEqualTo(second.app().secrets());
    }

    @Test
    void tabsThatRace_oneWinsAndTheOthersHearOfIt() throws Exception {
        OptionalLong current = OptionalLong.of(app().revision());
        List<Callable<Boolean>> tabs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tabs.add(() -> {
                try {
                    return rooms.rotation
                            .makeSecret(id(), current, Optional.empty())
                            .isPresent();
                } catch (RevisionConflictException conflict) {
                    return false;
                }
            });
        }

        assertThat(Together.run(tabs)).filteredOn(won -> won).hasSize(1);
        assertThat(app().secrets()).hasSize(2);
    }

    @Test
    void everythingAtOnce_whileTokensAreIssued_leavesOneSignerAtEveryMoment() throws Exception {
        Map<ClientSecret, Boolean> known = new ConcurrentHashMap<>(Map.of(first.secret(), true));
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            Random chance = new Random(worker);
            work.add(() -> {
                for (int i = 0; i < 40; i++) {
                    changeSomething(chance, known);
                }
                return true;
            });
            work.add(() -> {
                for (int i = 0; i < 40; i++) {
                    assertThat(issue()).isInstanceOf(Outcome.Issued.class);
                    assertThat(app().secrets())
                            .filteredOn(one -> one.state() == State.SIGNING)
                            .hasSize(1);
                }
                return true;
            });
        }

        assertThat(Together.run(work)).containsOnly(true);
        assertThat(known.keySet()).contains(signer(known.keySet()));
    }

    @Test
    void aFaultInTheMiddle_leavesTheStateBefore() {
        make();
        App before = app();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> rooms.database.transaction(handle -> {
                    handle.execute(
                            "update app set signing_secret_id = ?",
                            newest(before).id());
                    handle.execute("update app set next_secret_id = null, revision = 99");
                    throw new IllegalStateException("the power is gone");
                }));

        assertThat(app()).isEqualTo(before);
        assertThat(verifiedBy(first.secret())).isTrue();
    }

    private void changeSomething(Random chance, Map<ClientSecret, Boolean> known) {
        try {
            App now = app();
            long one = now.secrets().get(chance.nextInt(now.secrets().size())).id();
            switch (chance.nextInt(5)) {
                case 0 ->
                    rooms.rotation
                            .makeSecret(id(), WHATEVER, Optional.empty())
                            .ifPresent(made -> known.put(made.secret(), true));
                case 1 -> rooms.rotation.signWith(id(), WHATEVER, one, Optional.empty());
                case 2 ->
                    rooms.rotation.signWith(
                            id(),
                            WHATEVER,
                            one,
                            Optional.of(rooms.clock.instant().plusSeconds(5)));
                case 3 -> rooms.rotation.retire(id(), WHATEVER, one);
                default -> rooms.clock.advance(Duration.ofSeconds(3));
            }
        } catch (RotationException otherwise) {
            // Somebody else was faster: that is what this is about.
        }
    }

    private Apps.Registered make() {
        return rooms.rotation.makeSecret(id(), WHATEVER, Optional.empty()).orElseThrow();
    }

    private String id() {
        return first.app().clientId();
    }

    private App app() {
        return rooms.apps.find(id()).orElseThrow();
    }

    private Outcome issue() {
        return rooms.issue(HOST_A, session, id());
    }

    private ClientSecret signer() {
        return signer(
                rooms.rotation.open(app()).stream().map(OpenedSecret::value).toList());
    }

    /** The one of some secrets that verifies the next token. */
    private ClientSecret signer(Iterable<ClientSecret> secrets) {
        String token = ((Outcome.Issued) issue()).token();
        List<ClientSecret> signers = new ArrayList<>();
        for (ClientSecret secret : secrets) {
            if (verifies(secret, token)) {
                signers.add(secret);
            }
        }
        assertThat(signers).hasSize(1);
        return signers.getFirst();
    }

    private boolean verifiedBy(ClientSecret secret) {
        return verifies(secret, ((Outcome.Issued) issue()).token());
    }

    private boolean verifies(ClientSecret secret, String token) {
        try {
            return CurrentCustomerVerifier.builder(id(), secret.reveal())
                            .expectStore(STORE_A)
                            .clock(rooms.clock)
                            .build()
                            .verify(token)
                            .id()
                    > 0;
        } catch (InvalidTokenException refused) {
            assertThat(refused.reason()).isEqualTo(InvalidTokenException.Reason.BAD_SIGNATURE);
            return false;
        }
    }

    private static List<State> states(App app) {
        return app.secrets().stream().map(AppSecret::state).toList();
    }

    private static AppSecret newest(App app) {
        return app.secrets().getFirst();
    }

    private static AppSecret oldest(App app) {
        return app.secrets().getLast();
    }

    private static void assertRefused(Reason reason, ThrowingCallable work) {
        assertThatExceptionOfType(RotationException.class)
                .isThrownBy(work)
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static void assertConflict(ThrowingCallable work) {
        assertThatExceptionOfType(RevisionConflictException.class).isThrownBy(work);
    }
}
