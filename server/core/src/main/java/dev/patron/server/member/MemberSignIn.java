package dev.patron.server.member;

import dev.patron.server.secret.BearerSecret;
import java.time.Duration;

/** How an attempt to sign in to the console ended. */
public sealed interface MemberSignIn {

    /** The member is signed in, in a new session. */
    record SignedIn(Member member, BearerSecret session) implements MemberSignIn {}

    /** The password is right. The session counts for nothing but to show the second factor, for five minutes. */
    record CodeNeeded(BearerSecret session) implements MemberSignIn {}

    /** No such member, a wrong password, a wrong code or a disabled member: whoever asks is not told which. */
    record Refused() implements MemberSignIn {}

    /** Too many attempts; nothing was looked at. */
    record TooManyAttempts(Duration retryAfter) implements MemberSignIn {}
}
