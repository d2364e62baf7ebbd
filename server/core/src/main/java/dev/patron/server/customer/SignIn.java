package dev.patron.server.customer;

import dev.patron.server.secret.BearerSecret;
import java.time.Duration;

/** How an attempt to sign in ended. */
public sealed interface SignIn {

    /** The customer is signed in, in a new session. */
    record SignedIn(Customer customer, BearerSecret session) implements SignIn {}

    /** No such account, a wrong password or a disabled customer: whoever asks is not told which. */
    record Refused() implements SignIn {}

    /** Too many attempts; the password was not looked at. */
    record TooManyAttempts(Duration retryAfter) implements SignIn {}
}
