package dev.patron.server.app;

import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An app to be registered. The algorithm is HS256, there are no extra claims and no foreign origins, and every store is
 * allowed, unless said otherwise.
 *
 * @param clientId an id to take over from elsewhere, or empty for a new one
 * @param secret a secret to take over from elsewhere, or empty for a new one
 * @param stores the stores to which it is confined, or none for every store
 * @param origins exact foreign origins, such as {@code https://shop.example}
 */
public record NewApp(
        String name,
        String description,
        Optional<String> clientId,
        Optional<ClientSecret> secret,
        JwsAlgorithm algorithm,
        Set<ExtraClaim> extraClaims,
        Set<String> stores,
        Set<String> origins) {

    private static final Pattern ORIGIN =
            Pattern.compile("https?://([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    /** Checks everything that can be checked without storage. */
    public NewApp {
        extraClaims = Set.copyOf(extraClaims);
        stores = Set.copyOf(stores);
        origins = Set.copyOf(origins);
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidAppException(
                    "name", "An app's name has 1 to 200 characters, none of them a control character.");
        }
        if (description.length() > 2000) {
            throw new InvalidAppException("description", "An app's description has at most 2000 characters.");
        }
        if (clientId.isPresent() && !ClientIds.isWellFormed(clientId.get())) {
            throw new InvalidAppException("client_id", "A client id has 20 to 64 of the characters A-Z, a-z and 0-9.");
        }
        if (secret.isPresent() && (secret.get().length() < 20 || secret.get().length() > 256)) {
            throw new InvalidAppException("client_secret", "A client secret has 20 to 256 bytes; a new one has 64.");
        }
        for (String origin : origins) {
            if (origin.length() > 255 || !ORIGIN.matcher(origin).matches()) {
                throw new InvalidAppException(
                        "origins",
                        "An origin is a scheme, a host in lower case and perhaps a port, such as https://shop.example:8443.");
            }
        }
    }

    /** An app with a name and nothing else out of the ordinary. */
    public static NewApp named(String name) {
        return new NewApp(
                name, "", Optional.empty(), Optional.empty(), JwsAlgorithm.HS256, Set.of(), Set.of(), Set.of());
    }
}
