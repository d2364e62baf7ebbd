package dev.patron.sandbox.management;

import java.util.Optional;

/** What access tokens are good for. Thread-safe. */
public interface Grants {

    /** What an access token is good for now; empty when it is none, or none any more. */
    Optional<Grant> find(String accessToken);
}
