package dev.patron.server.customer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patron.server.app.MasterKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proofs that a browser has signed in to an account before, as OWASP's <i>device cookies</i>. A browser holds those of the
 * last {@value #MOST_ACCOUNTS} accounts in one cookie.
 *
 * <p>A proof is a random id, the time until which it counts, and an HMAC-SHA-256, cut to 128 bits, of both with the account
 * and its password hash, under a key of its own that is derived from the master key. So it names nobody, counts for one
 * account of one store, and no longer counts once the password has changed. It does not sign anybody in. Thread-safe.
 */
public final class KnownDevices {

    /** How long a browser is known after it has signed in. */
    public static final Duration VALIDITY = Duration.ofDays(180);

    private static final int MOST_ACCOUNTS = 3;
    private static final int ID_BYTES = 12;
    private static final int MAC_BYTES = 16;
    private static final int PROOF_BYTES = ID_BYTES + Long.BYTES + MAC_BYTES;
    private static final int PROOF_LENGTH = PROOF_BYTES * 4 / 3;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MasterKey masterKey;
    private final InstantSource clock;
    private final String who;

    /**
     * The devices of one kind of accounts.
     *
     * @param who whose accounts, such as {@code customer}: a proof does not count for others
     */
    KnownDevices(MasterKey masterKey, InstantSource clock, String who) {
        this.masterKey = masterKey;
        this.clock = clock;
        this.who = who;
    }

    /**
     * What a browser's device cookie is to hold after it has signed in to an account.
     *
     * @param held what it holds now, or an empty string
     * @param accountKey the customer's key or the member's id
     */
    public String remember(String held, long accountKey, PasswordHash current) {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        long until = clock.instant().plus(VALIDITY).getEpochSecond();
        String proof = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(PROOF_BYTES)
                        .put(id)
                        .putLong(until)
                        .put(mac(id, until, accountKey, current))
                        .array());
        Stream<String> others = proofs(held)
                .filter(other -> recognise(other, accountKey, current).isEmpty());
        return String.join(
                ".",
                Stream.concat(Stream.of(proof), others).limit(MOST_ACCOUNTS).toList());
    }

    /** The id of a browser that has signed in to the account before, by what its device cookie holds. */
    public Optional<String> recognise(String held, long accountKey, PasswordHash current) {
        return proofs(held)
                .flatMap(proof -> recogniseOne(proof, accountKey, current).stream())
                .findFirst();
    }

    private Optional<String> recogniseOne(String proof, long accountKey, PasswordHash current) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(proof);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        ByteBuffer parts = ByteBuffer.wrap(bytes);
        byte[] id = new byte[ID_BYTES];
        parts.get(id);
        long until = parts.getLong();
        byte[] mac = new byte[MAC_BYTES];
        parts.get(mac);
        boolean genuine = MessageDigest.isEqual(mac, mac(id, until, accountKey, current));
        return genuine && clock.instant().getEpochSecond() < until
                ? Optional.of(HexFormat.of().formatHex(id))
                : Optional.empty();
    }

    /** What looks like proofs; no more than a browser is given. */
    private static Stream<String> proofs(String held) {
        if (held.length() > MOST_ACCOUNTS * (PROOF_LENGTH + 1)) {
            return Stream.empty();
        }
        return Stream.of(held.split("\\.", -1)).filter(proof -> proof.length() == PROOF_LENGTH);
    }

    private byte[] mac(byte[] id, long until, long accountKey, PasswordHash current) {
        byte[] account = (who + " " + accountKey + " " + current.encoded()).getBytes(UTF_8);
        byte[] message = ByteBuffer.allocate(ID_BYTES + Long.BYTES + account.length)
                .put(id)
                .putLong(until)
                .put(account)
                .array();
        return Arrays.copyOf(masterKey.mac("device", message), MAC_BYTES);
    }
}
