package dev.patron.server.app;

import dev.patron.token.JwsAlgorithm;
import java.util.Set;

/**
 * What an app's owner may change.
 *
 * @param name 1 to 200 characters, none of them a control character
 * @param description at most 2000 characters
 * @param algorithm what its tokens are signed with
 * @param extraClaims what its tokens carry beyond what every token does
 * @param needs what it says it needs of a customer
 * @param origins exact foreign origins that it asks for, such as {@code https://shop.example}; each counts only where it
 *     is approved, see {@link OriginApprovals}
 */
public record AppDetails(
        String name,
        String description,
        JwsAlgorithm algorithm,
        Set<ExtraClaim> extraClaims,
        Set<PersonalClaim> needs,
        Set<String> origins) {

    /**
     * Checks everything but whether each character can be seen: apps that were kept before that rule are shown as they are.
     *
     * @throws InvalidAppException naming the member that is wrong
     */
    public AppDetails {
        extraClaims = Set.copyOf(extraClaims);
        needs = Set.copyOf(needs);
        origins = Set.copyOf(origins);
        AppRules.require("name", AppRules.keptName(name));
        AppRules.require("description", AppRules.keptDescription(description));
        AppRules.require("origins", AppRules.origins(origins));
    }
}
