package dev.patron.server.app;

import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * An app to be registered.
 *
 * @param clientId an id to take over from elsewhere, or empty for a new one
 * @param secret a secret of 20 to 256 bytes to take over from elsewhere, or empty for a new one
 * @param stores the stores to which it is confined, or none for every store
 * @param ownerId the member whose app it is; empty for the operators' own
 */
public record NewApp(
        AppDetails details,
        Optional<String> clientId,
        Optional<ClientSecret> secret,
        Set<String> stores,
        Optional<Long> ownerId) {

    /**
     * Checks everything that can be checked without storage.
     *
     * @throws InvalidAppException naming the member that is wrong
     */
    public NewApp {
        stores = Set.copyOf(stores);
        AppRules.require("client_id", clientId.flatMap(AppRules::clientId));
        secret.ifPresent(NewApp::requireLength);
    }

    /**
     * Checks a secret that is taken over from elsewhere.
     *
     * @throws InvalidAppException when it is too short or too long
     */
    static void requireLength(ClientSecret secret) {
        AppRules.require("client_secret", AppRules.secret(secret));
    }

    /** An app with details and nothing else out of the ordinary. */
    public static NewApp of(AppDetails details) {
        return new NewApp(details, Optional.empty(), Optional.empty(), Set.of(), Optional.empty());
    }

    /** An app with a name, HS256 and nothing else out of the ordinary. */
    public static NewApp named(String name) {
        return of(new AppDetails(name, "", JwsAlgorithm.HS256, Set.of(), EnumSet.allOf(PersonalClaim.class), Set.of()));
    }
}
