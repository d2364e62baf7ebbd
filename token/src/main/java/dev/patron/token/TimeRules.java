package dev.patron.token;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether now is a time at which a token may be accepted.
 *
 * @param maxAge how long ago it may have been issued; null for any time
 * @param clockSkew by how much the clocks of issuer and verifier may differ, in either direction
 * @param cureOfAge what to do about a token that is too old, for its message
 */
record TimeRules(@Nullable Duration maxAge, Duration clockSkew, String cureOfAge) {

    /** Seconds since 1970 that are not there are {@link UncheckedClaims#ABSENT}; {@code iat} has to be. */
    void check(long iat, long exp, long nbf, Instant now) throws InvalidTokenException {
        Instant issuedAt = Instant.ofEpochSecond(iat);
        if (exp != UncheckedClaims.ABSENT) {
            Instant expiresAt = Instant.ofEpochSecond(exp);
            if (!now.isBefore(expiresAt.plus(clockSkew))) {
                throw refused(Reason.EXPIRED, "the token expired " + seconds(expiresAt, now) + " ago");
            }
        }
        if (now.isBefore(issuedAt.minus(clockSkew))) {
            throw refused(
                    Reason.ISSUED_IN_THE_FUTURE,
                    "the token was issued " + seconds(now, issuedAt) + " ahead of this machine's clock");
        }
        if (maxAge != null && now.isAfter(issuedAt.plus(maxAge).plus(clockSkew))) {
            throw refused(
                    Reason.TOO_OLD,
                    "the token was issued " + seconds(issuedAt, now) + " ago, which is more than the accepted "
                            + seconds(maxAge) + ". " + cureOfAge);
        }
        if (nbf != UncheckedClaims.ABSENT) {
            Instant notBefore = Instant.ofEpochSecond(nbf);
            if (now.isBefore(notBefore.minus(clockSkew))) {
                throw refused(Reason.NOT_YET_VALID, "the token is valid only in " + seconds(now, notBefore));
            }
        }
    }

    private InvalidTokenException refused(Reason reason, String fault) {
        return new InvalidTokenException(reason, fault + " (clock skew allowed: " + seconds(clockSkew) + ")");
    }

    private static String seconds(Instant from, Instant to) {
        return seconds(Duration.between(from, to));
    }

    /** Whole seconds, rounded up: what is late at all is never said to be late by 0 s. */
    private static String seconds(Duration duration) {
        return (duration.getNano() == 0 ? duration.getSeconds() : duration.getSeconds() + 1) + " s";
    }
}
