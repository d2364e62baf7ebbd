package dev.patron.server.app;

import dev.patron.endpoint.ClientId;
import dev.patron.server.text.VisibleText;
import dev.patron.token.ClientSecret;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an app's parts have to be like. Each method tells what is wrong and what is allowed, or nothing when all is well. */
public final class AppRules {

    private static final int MAX_ORIGINS = 50;
    private static final Pattern ORIGIN =
            Pattern.compile("https?://([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    private AppRules() {}

    /** What is wrong with a name. */
    public static Optional<String> name(String name) {
        return keptName(VisibleText.isEmpty(name) ? "" : name)
                .or(() -> VisibleText.fault(name).map(fault -> "An app's name: " + fault));
    }

    /** What is wrong with a description. */
    public static Optional<String> description(String description) {
        return keptDescription(description)
                .or(() -> VisibleText.faultOfLines(description).map(fault -> "An app's description: " + fault));
    }

    /** What is wrong with a name that storage has: older ones may have characters that a new one may not. */
    static Optional<String> keptName(String name) {
        return faultIf(
                name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl),
                "An app's name has 1 to 200 characters, none of them a control character.");
    }

    /** What is wrong with a description that storage has. */
    static Optional<String> keptDescription(String description) {
        return faultIf(description.length() > 2000, "An app's description has at most 2000 characters.");
    }

    /**
     * Refuses texts that people could not see, or would read in another order, unless they were there before.
     *
     * @throws InvalidAppException naming the member that is wrong
     */
    static void requireVisible(AppDetails details, Optional<AppDetails> before) {
        if (before.isEmpty() || !before.get().name().equals(details.name())) {
            require("name", name(details.name()));
        }
        if (before.isEmpty() || !before.get().description().equals(details.description())) {
            require("description", description(details.description()));
        }
    }

    /** What is wrong with a client id that is taken over from elsewhere. */
    public static Optional<String> clientId(String clientId) {
        return faultIf(
                !ClientId.isWellFormed(clientId), "A client id has 20 to 64 of the characters A-Z, a-z and 0-9.");
    }

    /** What is wrong with a client secret that is taken over from elsewhere. */
    public static Optional<String> secret(ClientSecret secret) {
        return faultIf(
                secret.length() < 20 || secret.length() > 256,
                "A client secret has 20 to 256 bytes; a new one has 64.");
    }

    /** What is wrong with exact foreign origins. */
    public static Optional<String> origins(Set<String> origins) {
        if (origins.size() > MAX_ORIGINS) {
            return Optional.of("An app has at most " + MAX_ORIGINS + " origins.");
        }
        return faultIf(
                origins.stream()
                        .anyMatch(origin ->
                                origin.length() > 255 || !ORIGIN.matcher(origin).matches()),
                "An origin is a scheme, a host in lower case and perhaps a port, such as https://shop.example:8443.");
    }

    static void require(String member, Optional<String> fault) {
        if (fault.isPresent()) {
            throw new InvalidAppException(member, fault.get());
        }
    }

    private static Optional<String> faultIf(boolean wrong, String fault) {
        return wrong ? Optional.of(fault) : Optional.empty();
    }
}
