package dev.patron.server.inspection;

import dev.patron.token.InvalidTokenException.Reason;
import java.util.Locale;

/** What {@code CurrentCustomerVerifier} asks of a token, in the order in which it asks. */
public enum Check {
    /** {@link Reason#TOO_LARGE}. */
    SIZE("The token is not larger than 8 KiB"),
    /** {@link Reason#MALFORMED} or {@link Reason#UNSUPPORTED_ALGORITHM}, before the signature was looked at. */
    FORM("It has three parts in base64url, and a signature as long as one of HS256 or HS512"),
    /** {@link Reason#BAD_SIGNATURE}. */
    SIGNATURE("It is signed with a secret of this app"),
    /**
     * {@link Reason#MALFORMED}, {@link Reason#UNSUPPORTED_ALGORITHM} or {@link Reason#CRITICAL_HEADER}, after the signature
     * was found genuine.
     */
    CONTENTS("Header and claims can be read, and alg is what it is signed with"),
    /** {@link Reason#WRONG_AUDIENCE}. */
    AUDIENCE("aud names this app"),
    /** {@link Reason#WRONG_ISSUER}. */
    ISSUER("iss is bc/apps"),
    /** {@link Reason#WRONG_OPERATION}. */
    OPERATION("operation is current_customer"),
    /** {@link Reason#WRONG_VERSION}. */
    VERSION("version is 1"),
    /** {@link Reason#WRONG_STORE}. */
    STORE("sub and store_hash name the same store, an expected one"),
    /** {@link Reason#EXPIRED}. */
    EXPIRY("exp is still ahead"),
    /** {@link Reason#ISSUED_IN_THE_FUTURE}. */
    ISSUE("iat is not ahead"),
    /** {@link Reason#TOO_OLD}. */
    AGE("iat is not too long ago"),
    /** {@link Reason#NOT_YET_VALID}. */
    START("nbf, if there is one, is not ahead"),
    /** {@link Reason#INVALID_CUSTOMER}. */
    CUSTOMER("customer has an id, an e-mail address and a group");

    private final String question;
    private final String id = name().toLowerCase(Locale.ROOT);

    Check(String question) {
        this.question = question;
    }

    /** Stable, for programs. */
    public String id() {
        return id;
    }

    /** What is so when the token passes, for people. */
    public String question() {
        return question;
    }

    /**
     * The check that a token failed.
     *
     * @param genuine whether the signature had been found genuine by then: two reasons occur before and after that
     */
    static Check failedBy(Reason reason, boolean genuine) {
        return switch (reason) {
            case TOO_LARGE -> SIZE;
            case MALFORMED, UNSUPPORTED_ALGORITHM -> genuine ? CONTENTS : FORM;
            case BAD_SIGNATURE -> SIGNATURE;
            case CRITICAL_HEADER -> CONTENTS;
            case WRONG_AUDIENCE -> AUDIENCE;
            case WRONG_ISSUER -> ISSUER;
            case WRONG_OPERATION -> OPERATION;
            case WRONG_VERSION -> VERSION;
            case WRONG_STORE -> STORE;
            case EXPIRED -> EXPIRY;
            case ISSUED_IN_THE_FUTURE -> ISSUE;
            case TOO_OLD -> AGE;
            case NOT_YET_VALID -> START;
            case INVALID_CUSTOMER -> CUSTOMER;
        };
    }
}
