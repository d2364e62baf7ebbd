package dev.patron.server.app;

import dev.patron.token.JwsAlgorithm;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an app's owner may change.
 *
 * @param name 1 to 200 characters, none of them a control character
 * @param description at most 2000 characters
 * @param algorithm what its tokens are signed with
 * @param extraClaims what its tokens carry beyond what every token does
 * @param needs what it says it needs of a customer
 * @param origins exact foreign origins that may ask for its tokens, such as {@code https://shop.example}
 */
public record AppDetails(
        String name,
        String description,
        JwsAlgorithm algorithm,
        Set<ExtraClaim> extraClaims,
        Set<PersonalClaim> needs,
        Set<String> origins) {

    private static final int MAX_ORIGINS = 50;
    private static final Pattern ORIGIN =
            Pattern.compile("https?://([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    /**
     * Checks everything.
     *
     * @throws InvalidAppException naming the member that is wrong
     */
    public AppDetails {
        extraClaims = Set.copyOf(extraClaims);
        needs = Set.copyOf(needs);
        origins = Set.copyOf(origins);
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidAppException(
                    "name", "An app's name has 1 to 200 characters, none of them a control character.");
        }
        if (description.length() > 2000) {
            throw new InvalidAppException("description", "An app's description has at most 2000 characters.");
        }
        if (origins.size() > MAX_ORIGINS) {
            throw new InvalidAppException("origins", "An app has at most " + MAX_ORIGINS + " origins.");
        }
        for (String origin : origins) {
            if (origin.length() > 255 || !ORIGIN.matcher(origin).matches()) {
                throw new InvalidAppException(
                        "origins",
                        "An origin is a scheme, a host in lower case and perhaps a port, such as https://shop.example:8443.");
            }
        }
    }
}
