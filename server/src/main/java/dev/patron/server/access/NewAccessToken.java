package dev.patron.server.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A personal access token to be made.
 *
 * @param name 1 to 100 characters, none of them a control character
 * @param scopes at least one
 * @param validity at most 366 days; empty for a token that works until it is revoked
 */
public record NewAccessToken(String name, Set<Scope> scopes, Optional<Duration> validity) {

    private static final Duration MAX_VALIDITY = Duration.ofDays(366);
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\p{Cf}]{1,100}");

    /** Takes surrounding spaces away. */
    public NewAccessToken {
        name = name.strip();
        scopes = Set.copyOf(scopes);
    }

    /** What is wrong, by form field; nothing when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        if (name.length() > 100 || !NAME.matcher(name).matches()) {
            faults.put("name", "Enter a name, with 1 to 100 characters.");
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
