package dev.patron.server.access;

import dev.patron.server.text.VisibleText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A personal access token to be made.
 *
 * @param name 1 to 100 characters that can be seen, as {@link VisibleText} has it
 * @param scopes at least one
 * @param validity at most 366 days; empty for a token that works until it is revoked
 */
public record NewAccessToken(String name, Set<Scope> scopes, Optional<Duration> validity) {

    private static final Duration MAX_VALIDITY = Duration.ofDays(366);
    private static final int MAX_NAME_LENGTH = 100;

    /** Takes surrounding spaces away. */
    public NewAccessToken {
        name = name.strip();
        scopes = Set.copyOf(scopes);
    }

    /** What is wrong, by form field; nothing when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        if (VisibleText.isEmpty(name) || name.length() > MAX_NAME_LENGTH) {
            faults.put("name", "Enter a name, with 1 to 100 characters.");
        } else {
            VisibleText.fault(name).ifPresent(fault -> faults.put("name", fault));
        }
        if (scopes.isEmpty()) {
            faults.put("scopes", "Choose at least one thing that the token may do.");
        }
        if (validity.filter(time -> !time.isPositive() || time.compareTo(MAX_VALIDITY) > 0)
                .isPresent()) {
            faults.put("validity", "A token is valid for a year at most, or until it is revoked.");
        }
        return faults;
    }
}
