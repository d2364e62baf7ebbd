package dev.patron.server.customer;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An Argon2id hash in its parts. Immutable; {@link #toString()} does not tell it. */
final class Argon2Hash {

    private static final Pattern PHC = Pattern.compile("\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,8}),t=([1-9][0-9]{0,8}),"
            + "p=([1-9][0-9]{0,3})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final int LEAST_BYTES = 4;

    private final Argon2Cost cost;
    private final byte[] salt;
    private final byte[] hash;

    Argon2Hash(Argon2Cost cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt.clone();
        this.hash = hash.clone();
    }

    /** The parts of a string in the PHC format; empty when it is none of version 1.3 of Argon2id. */
    static Optional<Argon2Hash> parse(PasswordHash encoded) {
        Matcher parts = PHC.matcher(encoded.encoded());
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            Argon2Cost cost = new Argon2Cost(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)));
            byte[] salt = Base64.getDecoder().decode(parts.group(4));
            byte[] hash = Base64.getDecoder().decode(parts.group(5));
            return hash.length < LEAST_BYTES ? Optional.empty() : Optional.of(new Argon2Hash(cost, salt, hash));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    PasswordHash encoded() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new PasswordHash("$argon2id$v=19$m=" + cost.kibibytes() + ",t=" + cost.passes() + ",p=" + cost.lanes()
                + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash));
    }

    Argon2Cost cost() {
        return cost;
    }

    /** Whether a password has this hash. It takes the work of the hash's own cost. */
    boolean isOf(byte[] password, Argon2id argon2id) {
        return MessageDigest.isEqual(argon2id.compute(password, salt, cost, hash.length), hash);
    }

    @Override
    public String toString() {
        return "Argon2Hash[***]";
    }
}
