package dev.patron.server.member;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who signs in to the console. {@link #toString()} tells neither name nor e-mail address.
 *
 * @param email as the member wrote it
 * @param storeHash the store of a member of its staff; empty for every other role
 * @param secondFactor whether signing in takes a code beside the password
 * @param disabled a disabled member cannot sign in and has no session
 */
public record Member(
        long id,
        String email,
        String name,
        Role role,
        Optional<String> storeHash,
        boolean secondFactor,
        boolean disabled,
        Instant createdAt) {

    @Override
    public String toString() {
        return "Member[" + id + "]";
    }
}
