package dev.patron.token;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A token was refused. {@link #reason()} says why in a form for programs, {@link #getMessage()} in a form for people: what
 * was found, what was expected and, where time is concerned, by how many seconds it failed.
 *
 * <p>The message may be logged: it holds no secret, no token and no e-mail address, and what it shows of the token is cut
 * to 64 characters of printable ASCII. Don't show it to the sender of the token; it helps a forger.
 *
 * <p>A refusal is an expected outcome that a sender can cause at will, so it is kept cheap: the exception carries no stack
 * trace and no suppressed exceptions. It is thrown by {@link CurrentCustomerVerifier#verify(String)} and
 * {@link CustomerLoginVerifier#verify(String)} only.
 */
public final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    private final Reason reason;

    InvalidTokenException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    static InvalidTokenException malformed(String message) {
        return new InvalidTokenException(Reason.MALFORMED, message);
    }

    static InvalidTokenException wrong(Reason reason, String claim, @Nullable String found, String expected) {
        return new InvalidTokenException(
                reason, "the claim " + claim + " is " + Text.shown(found) + "; expected " + Text.shown(expected));
    }

    /**
     * Says why the token was refused. When several things are wrong with it, this is what the verifier met first.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Why a token was refused. The constants stand in the order in which a verifier asks, save that {@code alg} and
     * {@code typ} are read, like all JSON, only after the signature was found genuine.
     *
     * <p>{@link #id()} never changes for a constant; constants may be added in later versions, so a {@code switch} over them
     * needs a {@code default}.
     */
    public enum Reason {
        /** The token is longer than 8 KiB. Nothing else was looked at. */
        TOO_LARGE,

        /**
         * The token is no JWS in compact form, or what it carries can't be read: not three parts, not strict base64url
         * (RFC 7515 section 2: no padding, zero trailing bits), not UTF-8, not RFC 8259 JSON, a member that occurs twice,
         * more than 8 levels deep, a {@code typ} other than {@code JWT}, a time missing, or a member of the wrong JSON type.
         */
        MALFORMED,

        /**
         * The code's length belongs to no accepted algorithm, or the header's {@code alg} is not the algorithm that the
         * token was really signed with. {@code none} ends here (RFC 8725 section 3.1).
         */
        UNSUPPORTED_ALGORITHM,

        /** The token was altered or signed with another secret than those the verifier was given (RFC 7515 section 5.2). */
        BAD_SIGNATURE,

        /** The header has a {@code crit} member; no extension is understood here (RFC 7515 section 4.1.11). */
        CRITICAL_HEADER,

        /** The claim {@code aud} doesn't name this app's client id: the token was meant for another app. */
        WRONG_AUDIENCE,

        /** The claim {@code iss} is not {@code bc/apps}; in a login token: not the app's client id. */
        WRONG_ISSUER,

        /**
         * The claim {@code operation} is not {@code current_customer}, or not {@code customer_login} in a login token: a
         * token of another kind under the same secret.
         */
        WRONG_OPERATION,

        /** The claim {@code version} is not 1. */
        WRONG_VERSION,

        /**
         * The claims {@code sub} and {@code store_hash} are missing, differ, or name a store that is not expected; a login
         * token has the second only.
         */
        WRONG_STORE,

        /** The time of {@code exp} has come, clock skew included (RFC 7519 section 4.1.4). */
        EXPIRED,

        /** The time of {@code iat} lies ahead by more than the clock skew: the clocks of issuer and verifier disagree. */
        ISSUED_IN_THE_FUTURE,

        /** {@code iat} is longer ago than the verifier's greatest age and the clock skew. */
        TOO_OLD,

        /** The time of {@code nbf} lies ahead by more than the clock skew (RFC 7519 section 4.1.5). */
        NOT_YET_VALID,

        /**
         * The claim {@code customer} lacks a positive {@code id}, an {@code email} or a {@code group_id}; in a login token:
         * {@code customer_id} is no positive number.
         */
        INVALID_CUSTOMER;

        private final String id = name().toLowerCase(Locale.ROOT);

        /**
         * The reason's stable name for logs, metrics and answers.
         *
         * @return the constant's name in snake case, such as {@code wrong_audience}
         */
        public String id() {
            return id;
        }
    }
}
