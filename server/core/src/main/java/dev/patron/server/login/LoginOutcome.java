package dev.patron.server.login;

import dev.patron.server.secret.BearerSecret;
import java.util.Optional;

/** What came of a login token. */
public sealed interface LoginOutcome {

    /** The customer is signed in, in a new session, and goes on to a path of the store. */
    record SignedIn(BearerSecret session, String goOnTo) implements LoginOutcome {}

    /** The token was made to sign whoever visits out. */
    record SignOut() implements LoginOutcome {}

    /**
     * Nobody is signed in. The visitor is not told why; the app's developer is.
     *
     * @param clientId the app that the token claims to be from, if that is a well-formed client id
     * @param reason a stable id that begins with {@code login_}, of at most 40 characters
     */
    record Refused(Optional<String> clientId, String reason) implements LoginOutcome {}
}
