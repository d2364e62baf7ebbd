package dev.patron.server.customer;

import java.time.Duration;

/** What became of the question whether a password is a customer's. */
public sealed interface PasswordCheck {

    /** It is this customer's. */
    record Right(Customer customer) implements PasswordCheck {}

    /** No such account, another password or a disabled customer: whoever asks is not told which. */
    record Wrong() implements PasswordCheck {}

    /** Too many wrong ones; this one was not looked at. */
    record TooManyAttempts(Duration retryAfter) implements PasswordCheck {}
}
