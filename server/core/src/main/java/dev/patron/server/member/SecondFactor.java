package dev.patron.server.member;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.patron.server.app.MasterKey;
import dev.patron.server.app.SealedSecret;
import dev.patron.server.failure.DomainException;
import dev.patron.server.sql.Database;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The second factor of members: codes of six digits that change every 30 s (RFC 6238, HMAC-SHA-1 as authenticator apps have
 * it), and ten recovery codes for the day when the phone is lost. A code is accepted in its own time step and the ones
 * beside it, and never twice. After ten wrong ones in a row, one an hour is looked at, on every node and after a restart;
 * recovery codes, which nobody guesses, always work. Keys are sealed, recovery codes hashed. Thread-safe.
 */
public final class SecondFactor {

    /** How many recovery codes a member gets. */
    public static final int RECOVERY_CODES = 10;

    private static final int WRONG_CODES_IN_A_ROW = 10;
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int KEY_BYTES = 20;
    private static final int RECOVERY_CHARACTERS = 16;
    private static final String ISSUER = "Patron";
    private static final char[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * What a member puts into their authenticator app. {@link #toString()} does not tell it.
     *
     * @param key in base32 (RFC 4648 section 6), for typing
     * @param uri the same as {@code otpauth:} address, for a QR code
     */
    public record Offer(String key, String uri) {
        @Override
        public String toString() {
            return "Offer[***]";
        }
    }

    /**
     * What became of a code.
     *
     * @param pause how long to wait, when it was not looked at; else zero
     */
    record Verdict(boolean right, Duration pause) {
        private static final Verdict RIGHT = new Verdict(true, Duration.ZERO);
        private static final Verdict WRONG = new Verdict(false, Duration.ZERO);
    }

    private record Keys(
            @Nullable SealedSecret offered,
            @Nullable SealedSecret sealed,
            long step,
            int wrongCodes,
            @Nullable Instant nextCode) {}

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;
    private final TimeBasedOneTimePasswordGenerator codes;

    /** Second factors kept in a database. */
    public SecondFactor(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
        this.codes = new TimeBasedOneTimePasswordGenerator();
    }

    /**
     * Offers a member a key, the same until it is confirmed or another one is wanted. It does nothing until it is confirmed.
     *
     * @throws DomainException {@code second_factor_on} when the second factor is on: it has to be turned off first
     */
    public Offer offer(Member member) {
        return offer(member, false);
    }

    /**
     * Offers a member another key: whoever saw an earlier one at an unattended screen does not have this one.
     *
     * @throws DomainException {@code second_factor_on} when the second factor is on: it has to be turned off first
     */
    public Offer offerAnew(Member member) {
        return offer(member, true);
    }

    private Offer offer(Member member, boolean anew) {
        byte[] key = database.transaction(handle -> {
            Keys keys = lock(handle, member.id());
            if (keys.sealed() != null) {
                throw new DomainException(
                        DomainException.Kind.CONFLICT,
                        "second_factor_on",
                        "The second factor is on already",
                        "To set up another one, turn it off first: that takes your password.");
            }
            SealedSecret offered = keys.offered();
            if (offered != null && !anew) {
                return masterKey.openBytes(owner(member.id()), offered);
            }
            byte[] fresh = new byte[KEY_BYTES];
            RANDOM.nextBytes(fresh);
            handle.execute(
                    "update member set factor_offered = ? where member_id = ?",
                    masterKey.sealBytes(owner(member.id()), fresh).toBytes(),
                    member.id());
            return fresh;
        });
        String text = base32(key);
        String label = URLEncoder.encode(ISSUER + ":" + member.email(), StandardCharsets.UTF_8)
                .replace("+", "%20");
        return new Offer(text, "otpauth://totp/" + label + "?secret=" + text + "&issuer=" + ISSUER);
    }

    /**
     * Turns the second factor on, when the code shows that the member has the key that was offered.
     *
     * @return the recovery codes, to be shown this once; empty when the code is wrong, or it is on already
     */
    public Optional<List<String>> confirm(Member member, String code) {
        return database.transaction(handle -> {
            Keys keys = lock(handle, member.id());
            SealedSecret offered = keys.offered();
            if (offered == null || keys.sealed() != null) {
                return Optional.empty();
            }
            Optional<Long> step = step(masterKey.openBytes(owner(member.id()), offered), code, 0);
            if (step.isEmpty()) {
                return Optional.empty();
            }
            handle.execute(
                    "update member set factor_sealed = factor_offered, factor_offered = null, factor_step = ?,"
                            + " factor_wrong_codes = 0, factor_next_code = null where member_id = ?",
                    step.get(),
                    member.id());
            return Optional.of(renewRecoveryCodes(handle, member.id()));
        });
    }

    /** Makes new recovery codes; the earlier ones no longer work. */
    public List<String> renewRecoveryCodes(Member member) {
        return database.transaction(handle -> renewRecoveryCodes(handle, member.id()));
    }

    /** How many recovery codes a member has left. */
    public int recoveryCodesLeft(Member member) {
        return database.with(handle -> handle.createQuery("select count(*) from recovery_code where member_id = ?")
                .bind(0, member.id())
                .mapTo(Integer.class)
                .one());
    }

    /** Turns the second factor off. */
    public void remove(Member member) {
        database.transaction(handle -> {
            handle.execute("delete from recovery_code where member_id = ?", member.id());
            return handle.execute(
                    "update member set factor_sealed = null, factor_offered = null, factor_step = 0,"
                            + " factor_wrong_codes = 0, factor_next_code = null where member_id = ?",
                    member.id());
        });
    }

    /**
     * Whether this is the member's current code, not used before, or one of their recovery codes; it is spent by that.
     *
     * @return the verdict, to be committed whatever it is: it counts
     */
    Verdict accept(Handle transaction, long memberId, String code) {
        Keys keys = lock(transaction, memberId);
        SealedSecret sealed = keys.sealed();
        if (sealed == null) {
            return Verdict.WRONG;
        }
        if (spendRecoveryCode(transaction, memberId, code)) {
            return Verdict.RIGHT;
        }
        Instant now = clock.instant();
        Instant nextCode = keys.nextCode();
        if (nextCode != null && now.isBefore(nextCode)) {
            return new Verdict(false, Duration.between(now, nextCode));
        }
        Optional<Long> step = step(masterKey.openBytes(owner(memberId), sealed), code, keys.step());
        if (step.isPresent()) {
            transaction.execute(
                    "update member set factor_step = ?, factor_wrong_codes = 0, factor_next_code = null"
                            + " where member_id = ?",
                    step.get(),
                    memberId);
            return Verdict.RIGHT;
        }
        int wrongCodes = Math.min(keys.wrongCodes() + 1, WRONG_CODES_IN_A_ROW);
        transaction.execute(
                "update member set factor_wrong_codes = ?, factor_next_code = ? where member_id = ?",
                wrongCodes,
                wrongCodes < WRONG_CODES_IN_A_ROW ? null : Database.moment(now.plus(PAUSE)),
                memberId);
        return Verdict.WRONG;
    }

    private static boolean spendRecoveryCode(Handle transaction, long memberId, String code) {
        return transaction.execute(
                        "delete from recovery_code where member_id = ? and code_hash = ?", memberId, hash(code))
                == 1;
    }

    /** The time step, later than the last one used, whose code this is. */
    private Optional<Long> step(byte[] key, String code, long lastStep) {
        SecretKeySpec keySpec = new SecretKeySpec(key, codes.getAlgorithm());
        byte[] typed = code.replace(" ", "").getBytes(StandardCharsets.UTF_8);
        long seconds = codes.getTimeStep().toSeconds();
        long now = clock.instant().getEpochSecond() / seconds;
        for (long step = now - 1; step <= now + 1; step++) {
            if (step > lastStep && MessageDigest.isEqual(code(keySpec, step * seconds), typed)) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    private byte[] code(SecretKeySpec key, long epochSecond) {
        try {
            return codes.generateOneTimePasswordString(key, Instant.ofEpochSecond(epochSecond))
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<String> renewRecoveryCodes(Handle transaction, long memberId) {
        transaction.execute("delete from recovery_code where member_id = ?", memberId);
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < RECOVERY_CODES; i++) {
            byte[] bits = new byte[RECOVERY_CHARACTERS * 5 / 8];
            RANDOM.nextBytes(bits);
            String code = base32(bits).toLowerCase(Locale.ROOT).replaceAll("(.{4})(?=.)", "$1-");
            fresh.add(code);
            transaction.execute("insert into recovery_code (member_id, code_hash) values (?, ?)", memberId, hash(code));
        }
        return fresh;
    }

    /** 80 random bits need no slow hash. */
    private static byte[] hash(String code) {
        String canonical = code.toLowerCase(Locale.ROOT).replaceAll("[^a-z2-7]", "");
        try {
            return MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static Keys lock(Handle transaction, long memberId) {
        return transaction
                .createQuery("select factor_offered, factor_sealed, factor_step, factor_wrong_codes, factor_next_code"
                        + " from member where member_id = ? for update")
                .bind(0, memberId)
                .map((row, _) -> new Keys(
                        sealed(row.getBytes("factor_offered")),
                        sealed(row.getBytes("factor_sealed")),
                        row.getLong("factor_step"),
                        row.getInt("factor_wrong_codes"),
                        moment(row.getObject("factor_next_code", OffsetDateTime.class))))
                .one();
    }

    private static @Nullable Instant moment(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }

    private static @Nullable SealedSecret sealed(byte @Nullable [] bytes) {
        return bytes == null ? null : SealedSecret.of(bytes);
    }

    /** What the master key seals for: never a client id, since those have no space. */
    private static String owner(long memberId) {
        return "member " + memberId;
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        long buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = buffer << 8 | (b & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32[(int) (buffer >> bits) & 31]);
            }
        }
        return text.toString();
    }
}
