package dev.patron.server.app;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.endpoint.Outcome;
import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.app.AppSecret.State;
import dev.patron.server.app.RotationException.Reason;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.sql.StatementRefusedException;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
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
    private TestServices services;
    private BearerSecret session;
    private Apps.Registered first;

    RotationTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        session = services.session(services.customer(STORE_A, "ada@example.com"));
        first = services.apps.create(NewApp.named("App"));
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void rotation_stepByStep_neverLeavesTheVerifierBehind() {
        assertThat(signer()).isEqualTo(first.secret());

        Apps.Registered second = make();
        assertThat(states(second.app())).containsExactly(State.NEXT, State.SIGNING);
        assertThat(signer()).isEqualTo(first.secret());

        App signing = services.rotation
                .signWith(id(), WHATEVER, newest(second.app()).id(), Optional.empty())
                .orElseThrow();
        assertThat(states(signing)).containsExactly(State.SIGNING, State.PREVIOUS);
        assertThat(verifiedBy(second.secret())).isTrue();
        assertThat(verifiedBy(first.secret())).isFalse();

        // Undone: the first one signs again, the second one waits.
        App undone = services.rotation
                .signWith(id(), WHATEVER, oldest(signing).id(), Optional.empty())
                .orElseThrow();
        assertThat(states(undone)).containsExactly(State.NEXT, State.SIGNING);
        assertThat(verifiedBy(first.secret())).isTrue();

        services.rotation.signWith(id(), WHATEVER, newest(undone).id(), Optional.empty());
        App retired =
                services.rotation.retire(id(), WHATEVER, oldest(undone).id()).orElseThrow();
        assertThat(states(retired)).containsExactly(State.SIGNING);
        assertThat(verifiedBy(second.secret())).isTrue();
        assertThat(retired.revision()).isEqualTo(6);
    }

    @Test
    void signWith_atAMoment_signsFromThatMomentOn() {
        Apps.Registered second = make();
        Instant moment = services.clock.instant().plus(Duration.ofHours(1));
        App planned = services.rotation
                .signWith(id(), WHATEVER, newest(second.app()).id(), Optional.of(moment))
                .orElseThrow();

        assertThat(newest(planned).signsFrom()).contains(moment);
        assertThat(signer()).isEqualTo(first.secret());
        services.clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(verifiedBy(first.secret())).isTrue();
        assertThat(states(app())).containsExactly(State.NEXT, State.SIGNING);
        services.clock.advance(Duration.ofMillis(1));
        assertThat(verifiedBy(second.secret())).isTrue();
        assertThat(verifiedBy(first.secret())).isFalse();
        assertThat(states(app())).containsExactly(State.SIGNING, State.PREVIOUS);
        assertThat(newest(app()).signsFrom()).isEmpty();

        // What is done now builds on it: the first one is the previous one, and can go.
        App retired =
                services.rotation.retire(id(), WHATEVER, oldest(app()).id()).orElseThrow();
        assertThat(states(retired)).containsExactly(State.SIGNING);
        assertThat(verifiedBy(second.secret())).isTrue();
    }

    @Test
    void cancel_aPlan_leavesTheSignerAsItIs() {
        Apps.Registered second = make();
        Instant moment = services.clock.instant().plus(Duration.ofHours(1));
        services.rotation.signWith(id(), WHATEVER, newest(second.app()).id(), Optional.of(moment));

        App cancelled = services.rotation.cancel(id(), WHATEVER).orElseThrow();

        assertThat(newest(cancelled).signsFrom()).isEmpty();
        services.clock.advance(Duration.ofHours(2));
        assertThat(verifiedBy(first.secret())).isTrue();
        assertRefused(Reason.NOT_SCHEDULED, () -> services.rotation.cancel(id(), WHATEVER));
    }

    @Test
    void cancel_afterTheMoment_saysThatItHasHappened() {
        Apps.Registered second = make();
        services.rotation.signWith(
                id(),
                WHATEVER,
                newest(second.app()).id(),
                Optional.of(services.clock.instant().plusSeconds(1)));
        services.clock.advance(Duration.ofSeconds(1));

        assertRefused(Reason.NOT_SCHEDULED, () -> services.rotation.cancel(id(), WHATEVER));
        assertThat(verifiedBy(second.secret())).isTrue();
    }

    @Test
    void eachStep_whenThingsAreOtherwise_isRefusedWithItsReasonAndChangesNothing() {
        Apps.Registered second = make();
        long older = oldest(second.app()).id();
        long newer = newest(second.app()).id();
        App before = app();

        assertRefused(Reason.TWO_SECRETS, this::make);
        assertRefused(Reason.TWO_SECRETS, () -> services.rotation.rotateNow(id(), WHATEVER, Optional.empty(), false));
        assertRefused(Reason.SIGNING, () -> services.rotation.retire(id(), WHATEVER, older));
        assertRefused(Reason.NO_SUCH_SECRET, () -> services.rotation.retire(id(), WHATEVER, newer + 1));
        assertRefused(
                Reason.NO_SUCH_SECRET, () -> services.rotation.signWith(id(), WHATEVER, newer + 1, Optional.empty()));
        assertRefused(
                Reason.TOO_FAR,
                () -> services.rotation.signWith(
                        id(),
                        WHATEVER,
                        newer,
                        Optional.of(services.clock.instant().plus(Duration.ofDays(367)))));
        assertThat(app()).isEqualTo(before);

        services.rotation.signWith(
                id(), WHATEVER, newer, Optional.of(services.clock.instant().plus(Duration.ofDays(365))));
        assertRefused(Reason.SCHEDULED, () -> services.rotation.retire(id(), WHATEVER, newer));
    }

    @Test
    void anotherAppsSecret_isNone() {
        Apps.Registered other = services.apps.create(NewApp.named("Other"));
        long foreign = other.app().signingSecret().id();

        assertRefused(
                Reason.NO_SUCH_SECRET, () -> services.rotation.signWith(id(), WHATEVER, foreign, Optional.empty()));
        assertRefused(Reason.NO_SUCH_SECRET, () -> services.rotation.retire(id(), WHATEVER, foreign));
        assertThat(services.rotation.reportVerified(id(), AppSecret.fingerprint(other.secret())))
                .isFalse();
    }

    @Test
    void eachStep_fromAnOldRevision_isAConflictAndChangesNothing() {
        OptionalLong current = OptionalLong.of(app().revision());
        services.rotation.makeSecret(id(), current, Optional.empty());
        App before = app();
        long newer = newest(before).id();

        assertConflict(() -> services.rotation.makeSecret(id(), current, Optional.empty()));
        assertConflict(() -> services.rotation.signWith(id(), current, newer, Optional.empty()));
        assertConflict(() -> services.rotation.retire(id(), current, newer));
        assertConflict(() -> services.rotation.rotateNow(id(), current, Optional.empty(), true));
        assertConflict(() -> services.rotation.cancel(id(), current));
        assertThat(app()).isEqualTo(before);
    }

    @Test
    void unknownApp_isEmptyEverywhere() {
        String nobody = "a".repeat(31);

        assertThat(services.rotation.makeSecret(nobody, WHATEVER, Optional.empty()))
                .isEmpty();
        assertThat(services.rotation.signWith(nobody, WHATEVER, 1, Optional.empty()))
                .isEmpty();
        assertThat(services.rotation.cancel(nobody, WHATEVER)).isEmpty();
        assertThat(services.rotation.retire(nobody, WHATEVER, 1)).isEmpty();
        assertThat(services.rotation.rotateNow(nobody, WHATEVER, Optional.empty(), true))
                .isEmpty();
    }

    @Test
    void rotateNow_givenASecret_takesItOverAndMakesRoom() {
        make();
        ClientSecret given = ClientSecret.of("a secret of somebody else's portal");

        App app = services.rotation
                .rotateNow(id(), WHATEVER, Optional.of(given), true)
                .orElseThrow()
                .app();

        assertThat(states(app)).containsExactly(State.SIGNING, State.PREVIOUS);
        assertThat(verifiedBy(given)).isTrue();
        assertThat(app.signingSecret().fingerprint()).isEqualTo(AppSecret.fingerprint(given));
        assertThat(app.signingSecret().length()).isEqualTo(34);
        assertThatExceptionOfType(InvalidAppException.class)
                .isThrownBy(() ->
                        services.rotation.rotateNow(id(), WHATEVER, Optional.of(ClientSecret.of("too short")), true));
    }

    @Test
    void reportVerified_isKeptWithTheSecretOfThatFingerprint() {
        Apps.Registered second = make();
        services.clock.advance(Duration.ofMinutes(3));

        assertThat(services.rotation.reportVerified(id(), AppSecret.fingerprint(second.secret())))
                .isTrue();

        assertThat(newest(app()).lastVerifiedAt()).contains(services.clock.instant());
        assertThat(oldest(app()).lastVerifiedAt()).isEmpty();
        assertThat(app().revision()).isEqualTo(second.app().revision());
    }

    @Test
    void open_isTheSecretsInTheOrderOfTheApp() {
        Apps.Registered second = make();

        assertThat(services.rotation.open(second.app()))
                .extracting(OpenedSecret::value)
                .containsExactly(second.secret(), first.secret());
        assertThat(services.rotation.open(second.app()))
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
                    return services.rotation
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

    /** A token, the moment that it names, and the revisions of the app just before and just after it was issued. */
    private record Seen(String token, Instant at, long before, long after) {}

    @Test
    void everythingAtOnce_whileTokensAreIssued_eachIsSignedByTheSignerOfItsMoment() throws Exception {
        Map<Long, ClientSecret> secrets = new ConcurrentHashMap<>();
        secrets.put(first.app().signingSecret().id(), first.secret());
        Map<Long, App> revisions = new ConcurrentHashMap<>();
        revisions.put(first.app().revision(), first.app());
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        // A change is one moment: the clock stands while it is made.
        ReadWriteLock time = new ReentrantReadWriteLock();
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            Random chance = new Random(worker);
            work.add(() -> {
                for (int i = 0; i < 60; i++) {
                    changeSomething(chance, time, secrets).ifPresent(app -> revisions.put(app.revision(), app));
                }
                return true;
            });
            work.add(() -> {
                for (int i = 0; i < 60; i++) {
                    App before = app();
                    String token = ((Outcome.Issued) issue()).token();
                    App after = app();
                    seen.add(new Seen(token, issuedAt(token), before.revision(), after.revision()));
                    assertThat(List.of(before, after)).allSatisfy(RotationTest::assertOneSigner);
                }
                return true;
            });
        }

        assertThat(Together.run(work)).containsOnly(true);

        assertThat(revisions).hasSizeGreaterThan(20);
        assertThat(revisions.values()).allSatisfy(RotationTest::assertOneSigner);
        assertThat(seen)
                .hasSize(240)
                .allSatisfy(one -> assertThat(LongStream.rangeClosed(one.before(), one.after())
                                .mapToObj(
                                        revision -> signer(Objects.requireNonNull(revisions.get(revision)), one.at())))
                        .contains(signerOf(one, secrets)));
    }

    @Test
    void find_whileSecretsChange_isOfOneMoment() throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        work.add(() -> {
            for (int i = 0; i < 150; i++) {
                services.rotation.rotateNow(id(), WHATEVER, Optional.empty(), true);
                services.rotation.retire(
                        id(), WHATEVER, app().otherSecret().orElseThrow().id());
            }
            return true;
        });
        for (int reader = 0; reader < 3; reader++) {
            work.add(() -> {
                for (int i = 0; i < 1500; i++) {
                    assertOneSigner(app());
                    assertThat(services.apps.list()).allSatisfy(RotationTest::assertOneSigner);
                }
                return true;
            });
        }

        assertThat(Together.run(work)).containsOnly(true);
    }

    @Test
    void aFaultInTheMiddleOfAnyStep_leavesTheStateBefore() {
        Apps.Registered second = make();
        long older = oldest(second.app()).id();
        long newer = newest(second.app()).id();
        Instant later = services.clock.instant().plus(Duration.ofHours(1));
        services.rotation.signWith(id(), WHATEVER, newer, Optional.of(later));
        assertAFaultAtTheEndChangesNothing(() -> services.rotation.cancel(id(), WHATEVER));
        assertAFaultAtTheEndChangesNothing(() -> services.rotation.signWith(id(), WHATEVER, newer, Optional.empty()));
        assertAFaultAtTheEndChangesNothing(() -> services.rotation.rotateNow(id(), WHATEVER, Optional.empty(), true));
        // The moment comes: the next change would write that down.
        services.clock.set(later);
        assertAFaultAtTheEndChangesNothing(() -> services.rotation.signWith(id(), WHATEVER, older, Optional.empty()));
        assertAFaultAtTheEndChangesNothing(() -> services.rotation.retire(id(), WHATEVER, older));
        assertAFaultAtTheEndChangesNothing(() -> services.apps.setDisabled(id(), WHATEVER, true));

        services.rotation.retire(id(), WHATEVER, older);
        assertAFaultAtTheEndChangesNothing(this::make);
        services.database.with(handle -> handle.execute("create table witness (client_id varchar(64) references app)"));
        services.database.with(handle -> handle.execute("insert into witness values (?)", id()));
        App before = app();
        assertThatExceptionOfType(StatementRefusedException.class)
                .isThrownBy(() -> services.apps.delete(id(), WHATEVER));
        assertThat(app()).isEqualTo(before);
        assertThat(verifiedBy(second.secret())).isTrue();
    }

    /** Raising the revision is the last that each step does: when that fails, the rest has been done already. */
    private void assertAFaultAtTheEndChangesNothing(ThrowingCallable step) {
        App before = app();
        ClientSecret signer = signer();
        long secrets = services.rows("app_secret");
        services.database.with(handle -> handle.execute(
                "alter table app add constraint power_is_gone check (revision <= " + before.revision() + ")"));

        assertThatExceptionOfType(StatementRefusedException.class).isThrownBy(step);

        services.database.with(handle -> handle.execute("alter table app drop constraint power_is_gone"));
        assertThat(app()).isEqualTo(before);
        assertThat(services.rows("app_secret")).isEqualTo(secrets);
        assertThat(signer()).isEqualTo(signer);
    }

    /** Changes something at random; the app as the change left it, if it was made. */
    private Optional<App> changeSomething(Random chance, ReadWriteLock time, Map<Long, ClientSecret> secrets) {
        int what = chance.nextInt(6);
        Lock lock = what == 5 ? time.writeLock() : time.readLock();
        lock.lock();
        try {
            App now = app();
            long one = now.secrets().get(chance.nextInt(now.secrets().size())).id();
            return switch (what) {
                case 0 -> noted(services.rotation.makeSecret(id(), WHATEVER, Optional.empty()), secrets);
                case 1 -> noted(services.rotation.rotateNow(id(), WHATEVER, Optional.empty(), true), secrets);
                case 2 -> services.rotation.signWith(id(), WHATEVER, one, Optional.empty());
                case 3 -> {
                    Instant soon = services.clock.instant().plusSeconds(5);
                    yield services.rotation.signWith(id(), WHATEVER, one, Optional.of(soon));
                }
                case 4 -> services.rotation.retire(id(), WHATEVER, one);
                default -> {
                    services.clock.advance(Duration.ofSeconds(3));
                    yield Optional.empty();
                }
            };
        } catch (RotationException otherwise) {
            // Somebody else was faster: that is what this is about.
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private static Optional<App> noted(Optional<Apps.Registered> made, Map<Long, ClientSecret> secrets) {
        made.ifPresent(registered -> secrets.put(newest(registered.app()).id(), registered.secret()));
        return made.map(Apps.Registered::app);
    }

    private static void assertOneSigner(App app) {
        assertThat(app.secrets())
                .hasSizeBetween(1, 2)
                .filteredOn(secret -> secret.state() == State.SIGNING)
                .hasSize(1);
    }

    /** Which secret an app says will sign at a moment. */
    private static long signer(App app, Instant at) {
        return app.secrets().stream()
                .filter(secret ->
                        secret.signsFrom().filter(from -> !from.isAfter(at)).isPresent())
                .findFirst()
                .orElseGet(app::signingSecret)
                .id();
    }

    /** The one of all secrets there ever were that a token is signed with. */
    private long signerOf(Seen one, Map<Long, ClientSecret> secrets) {
        List<Long> signers = secrets.entrySet().stream()
                .filter(secret -> verifies(secret.getValue(), one.token(), one.at()))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(signers).hasSize(1);
        return signers.getFirst();
    }

    /** What a token claims of its moment; the clock of these tests shows whole seconds. */
    private static Instant issuedAt(String token) {
        String claims = new String(
                Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'))),
                StandardCharsets.UTF_8);
        Matcher claim = Pattern.compile("\"iat\":([0-9]+)").matcher(claims);
        assertThat(claim.find()).isTrue();
        return Instant.ofEpochSecond(Long.parseLong(claim.group(1)));
    }

    private Apps.Registered make() {
        return services.rotation.makeSecret(id(), WHATEVER, Optional.empty()).orElseThrow();
    }

    private String id() {
        return first.app().clientId();
    }

    private App app() {
        return services.apps.find(id()).orElseThrow();
    }

    private Outcome issue() {
        return services.issue(HOST_A, session, id());
    }

    private ClientSecret signer() {
        return signer(
                services.rotation.open(app()).stream().map(OpenedSecret::value).toList());
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
        return verifies(secret, token, services.clock.instant());
    }

    private boolean verifies(ClientSecret secret, String token, Instant now) {
        try {
            return CurrentCustomerVerifier.builder(id(), secret.reveal())
                            .expectStore(STORE_A)
                            .clock(() -> now)
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
