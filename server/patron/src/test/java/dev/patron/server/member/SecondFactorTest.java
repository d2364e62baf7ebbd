package dev.patron.server.member;

import static dev.patron.server.TestServices.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.member.MemberSignIn.CodeNeeded;
import dev.patron.server.member.MemberSignIn.Refused;
import dev.patron.server.member.MemberSignIn.SignedIn;
import dev.patron.server.member.MemberSignIn.TooManyAttempts;
import dev.patron.server.secret.BearerSecret;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class SecondFactorTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String EMAIL = "dev@example.com";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final StorageEngine engine;
    private TestServices services;
    private Member dev;
    private String key;

    SecondFactorTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) throws MemberExistsException {
        services =
                TestServices.open(engine, folder, "patron.sign-in.attempts-per-account=6", "patron.sign-in.window=1d");
        dev = services.members.create(NewMember.developer(EMAIL, "Dev"), PASSWORD);
        key = services.secondFactor.offer(dev).key();
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void offer_untilConfirmed_isTheSameAndDoesNothing() {
        SecondFactor.Offer again = services.secondFactor.offer(dev);

        assertThat(again.key()).isEqualTo(key).matches("[A-Z2-7]{32}");
        assertThat(again.uri()).isEqualTo("otpauth://totp/Patron%3Adev%40example.com?secret=" + key + "&issuer=Patron");
        assertThat(again.toString()).doesNotContain(key);
        assertThat(signIn()).isInstanceOf(SignedIn.class);
    }

    @Test
    void confirm_wrongCode_leavesItOff() {
        assertThat(services.secondFactor.confirm(dev, other(code(now())))).isEmpty();
        assertThat(services.secondFactor.confirm(dev, "")).isEmpty();
        assertThat(services.members.find(dev.id()).orElseThrow().secondFactor()).isFalse();
        assertThat(signIn()).isInstanceOf(SignedIn.class);
    }

    @Test
    void signIn_withIt_takesACodeAndANewSession() {
        turnOn();
        BearerSecret waiting = waiting();
        assertThat(services.members.signedIn(waiting)).isEmpty();

        MemberSignIn outcome = show(waiting, code(now()));

        assertThat(outcome).isInstanceOf(SignedIn.class);
        BearerSecret session = ((SignedIn) outcome).session();
        assertThat(session).isNotEqualTo(waiting);
        assertThat(services.members.signedIn(session)).isPresent();
        assertThat(show(waiting, code(now()))).isEqualTo(new Refused());
    }

    @Test
    void code_ofTheStepsBeside_isAccepted_andOthersAreNot() {
        turnOn();
        for (int step : List.of(-1, 0, 1)) {
            services.clock.advance(Duration.ofMinutes(5));
            assertThat(show(waiting(), code(now().plusSeconds(30L * step))))
                    .as("step " + step)
                    .isInstanceOf(SignedIn.class);
        }
        for (int step : List.of(-2, 2)) {
            services.clock.advance(Duration.ofMinutes(5));
            assertThat(show(waiting(), code(now().plusSeconds(30L * step))))
                    .as("step " + step)
                    .isEqualTo(new Refused());
        }
    }

    @Test
    void code_usedOnce_isSpent_andSoAreEarlierOnes() {
        turnOn();
        String code = code(now());
        String earlier = code(now().minusSeconds(30));
        assertThat(show(waiting(), code)).isInstanceOf(SignedIn.class);

        assertThat(show(waiting(), code)).isEqualTo(new Refused());
        assertThat(show(waiting(), earlier)).isEqualTo(new Refused());
    }

    @Test
    void code_usedAtOnceByMany_letsOneIn() throws Exception {
        turnOn();
        String code = code(now());
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            BearerSecret waiting = waiting();
            attempts.add(() -> show(waiting, code) instanceof SignedIn);
        }

        assertThat(Together.run(attempts)).filteredOn(in -> in).hasSize(1);
    }

    @Test
    void recoveryCode_letsInOnce_howeverItIsTyped() {
        List<String> codes = turnOn();
        assertThat(codes).hasSize(SecondFactor.RECOVERY_CODES).doesNotHaveDuplicates();
        assertThat(codes).allMatch(code -> code.matches("[a-z2-7]{4}(-[a-z2-7]{4}){3}"));

        String typed = codes.getFirst().toUpperCase(java.util.Locale.ROOT).replace("-", " ");
        assertThat(show(waiting(), typed)).isInstanceOf(SignedIn.class);
        assertThat(show(waiting(), codes.getFirst())).isEqualTo(new Refused());
        assertThat(services.secondFactor.recoveryCodesLeft(dev)).isEqualTo(SecondFactor.RECOVERY_CODES - 1);

        List<String> fresh = services.secondFactor.renewRecoveryCodes(dev);
        assertThat(show(waiting(), codes.getLast())).isEqualTo(new Refused());
        assertThat(show(waiting(), fresh.getLast())).isInstanceOf(SignedIn.class);
    }

    @Test
    void guessing_isLimited_evenWithTheRightPassword() {
        turnOn();
        BearerSecret waiting = waiting();
        for (int i = 0; i < 10; i++) {
            assertThat(show(waiting, other(code(now())))).isEqualTo(new Refused());
        }
        assertThat(show(waiting, code(now()))).isInstanceOf(TooManyAttempts.class);
    }

    @Test
    void wrongCodes_keepNeitherPasswordNorRecoveryCodeFromCounting() {
        List<String> recoveryCodes = turnOn();
        BearerSecret waiting = waiting();
        for (int i = 0; i < 15; i++) {
            assertThat(show(waiting, other(code(now())))).isNotInstanceOf(SignedIn.class);
        }
        assertThat(show(waiting, code(now()))).isInstanceOf(TooManyAttempts.class);

        assertThat(signIn()).isInstanceOf(CodeNeeded.class);
        assertThat(show(waiting, recoveryCodes.getFirst())).isInstanceOf(SignedIn.class);
    }

    @Test
    void wrongPasswords_ofOthersAndOfOnes_keepNoCodeFromCounting() {
        turnOn();
        BearerSecret waiting = waiting();
        for (int i = 0; i < 7; i++) {
            assertThat(services.members.signIn(EMAIL, "wrong password", ADDRESS))
                    .isNotInstanceOf(CodeNeeded.class);
        }
        assertThat(signIn()).isInstanceOf(TooManyAttempts.class);

        assertThat(show(waiting, code(now()))).isInstanceOf(SignedIn.class);
    }

    @Test
    void waitingForTheCode_endsAfterFiveMinutes() {
        turnOn();
        BearerSecret waiting = waiting();
        services.clock.advance(Duration.ofMinutes(5));

        assertThat(show(waiting, code(now()))).isEqualTo(new Refused());
        assertThat(services.memberSessions.sweep()).isEqualTo(1);
        assertThat(show(waiting(), code(now()))).isInstanceOf(SignedIn.class);
    }

    @Test
    void waitingForTheCode_passwordChangedMeanwhile_isOver() {
        turnOn();
        BearerSecret waiting = waiting();
        services.members.changePassword(dev, PASSWORD, "another password", false);

        assertThat(show(waiting, code(now()))).isEqualTo(new Refused());
    }

    @Test
    void remove_itIsOff_andTheNextOfferIsAnotherKey() {
        turnOn();
        services.secondFactor.remove(dev);

        assertThat(signIn()).isInstanceOf(SignedIn.class);
        assertThat(services.secondFactor.offer(dev).key()).isNotEqualTo(key);
        assertThat(services.rows("recovery_code")).isZero();
    }

    @Test
    void databaseFiles_holdNeitherKeyNorRecoveryCode() {
        List<String> codes = turnOn();

        assertThat(services.filesContain(EMAIL)).isTrue();
        assertThat(services.filesContain(key)).isFalse();
        assertThat(services.filesContain(new String(decode(key), java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isFalse();
        assertThat(codes).noneMatch(services::filesContain);
    }

    private List<String> turnOn() {
        List<String> codes = services.secondFactor.confirm(dev, code(now())).orElseThrow();
        // The code that confirmed is spent.
        services.clock.advance(Duration.ofMinutes(1));
        return codes;
    }

    private MemberSignIn signIn() {
        return services.members.signIn(EMAIL, PASSWORD, ADDRESS);
    }

    private BearerSecret waiting() {
        MemberSignIn outcome = signIn();
        assertThat(outcome).isInstanceOf(CodeNeeded.class);
        return ((CodeNeeded) outcome).session();
    }

    private MemberSignIn show(BearerSecret waiting, String code) {
        return services.members.showCode(waiting, code, ADDRESS);
    }

    private Instant now() {
        return services.clock.instant();
    }

    private String code(Instant at) {
        try {
            TimeBasedOneTimePasswordGenerator generator = new TimeBasedOneTimePasswordGenerator();
            return generator.generateOneTimePasswordString(
                    new SecretKeySpec(decode(key), generator.getAlgorithm()), at);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String other(String code) {
        return (code.charAt(0) == '9' ? '0' : (char) (code.charAt(0) + 1)) + code.substring(1);
    }

    private static byte[] decode(String base32) {
        byte[] bytes = new byte[base32.length() * 5 / 8];
        long buffer = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < base32.length(); i++) {
            buffer = buffer << 5 | BASE32.indexOf(base32.charAt(i));
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (buffer >> bits);
            }
        }
        return bytes;
    }
}
