package dev.patron.sandbox.installation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an app is installed: what its developer says of it.
 *
 * @param authCallback where a store that consents sends its member, with a code
 * @param loadCallback where a member goes who opens the app; empty text for nowhere
 * @param uninstallCallback what is called when a store uninstalls the app; empty text for nothing
 * @param removeUserCallback what is called when a member shall be forgotten; empty text for nothing
 * @param scopes what it asks for
 */
public record Registration(
        String authCallback,
        String loadCallback,
        String uninstallCallback,
        String removeUserCallback,
        Set<StoreScope> scopes) {

    private static final int MAX_LENGTH = 1000;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Takes surrounding spaces away. */
    public Registration {
        authCallback = authCallback.strip();
        loadCallback = loadCallback.strip();
        uninstallCallback = uninstallCallback.strip();
        removeUserCallback = removeUserCallback.strip();
        scopes = Set.copyOf(scopes);
    }

    /** What is wrong, by form field; nothing when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        if (authCallback.isEmpty()) {
            faults.put("auth_callback", "Enter the URL that takes the code.");
        } else {
            fault(authCallback).ifPresent(fault -> faults.put("auth_callback", fault));
        }
        optional(loadCallback).ifPresent(fault -> faults.put("load_callback", fault));
        optional(uninstallCallback).ifPresent(fault -> faults.put("uninstall_callback", fault));
        optional(removeUserCallback).ifPresent(fault -> faults.put("remove_user_callback", fault));
        if (scopes.isEmpty()) {
            faults.put("scopes", "Choose at least one scope.");
        }
        return faults;
    }

    /** The origin that the auth callback is of, such as {@code https://app.example}. */
    String origin() {
        URI callback = URI.create(authCallback);
        return callback.getScheme() + "://" + callback.getRawAuthority();
    }

    /** A callback with parameters, which may have some already. */
    static String with(String callback, String parameters) {
        return callback + (callback.contains("?") ? "&" : "?") + parameters;
    }

    private static Optional<String> optional(String callback) {
        return callback.isEmpty() ? Optional.empty() : fault(callback);
    }

    private static Optional<String> fault(String callback) {
        if (callback.length() > MAX_LENGTH) {
            return Optional.of("A callback has at most " + MAX_LENGTH + " characters.");
        }
        try {
            URI uri = new URI(callback);
            String host = uri.getHost();
            boolean https = "https".equals(uri.getScheme());
            boolean local = "http".equals(uri.getScheme()) && host != null && THIS_MACHINE.contains(host);
            boolean ascii = callback.chars().allMatch(c -> c > ' ' && c < 0x7f);
            if (host == null || !(https || local) || uri.getRawUserInfo() != null || !ascii) {
                return Optional.of("Enter an absolute URL with https; http is for localhost only.");
            }
            return uri.getRawFragment() == null
                    ? Optional.empty()
                    : Optional.of("A callback has no fragment: servers do not see what is after #.");
        } catch (URISyntaxException malformed) {
            return Optional.of("Enter an absolute URL with https; http is for localhost only.");
        }
    }
}
