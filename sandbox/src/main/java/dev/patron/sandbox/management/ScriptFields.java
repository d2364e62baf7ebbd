package dev.patron.sandbox.management;

import dev.patron.server.script.Place;
import dev.patron.server.script.ScriptDetails;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an app says of its script, with the platform's names, defaults and bounds ({@code contract.md} section 6). The sandbox has no
 * checkout, so that scripts for its pages are refused.
 */
final class ScriptFields {

    private static final Map<String, Object> DEFAULTS = defaults();
    private static final Set<String> CATEGORIES =
            Set.of("essential", "functional", "analytics", "targeting", "unknown");
    private static final int MAX_TEXT = 255;
    private static final int MAX_HASHES = 5;

    private final Map<String, Object> members;

    private ScriptFields(Map<String, Object> members) {
        this.members = members;
    }

    /** The fields of a new script. */
    static ScriptFields of(Map<String, Object> body) {
        return new ScriptFields(DEFAULTS).changed(body);
    }

    /** Fields that storage has. */
    static ScriptFields kept(Map<String, Object> members) {
        return new ScriptFields(members);
    }

    /** These, with others in their place. */
    ScriptFields changed(Map<String, Object> body) {
        Map<String, Object> changed = new LinkedHashMap<>(members);
        body.forEach((name, value) -> {
            if (!DEFAULTS.containsKey(name)) {
                throw Refusal.invalid(
                        name,
                        "There is no such field: use " + String.join(", ", new TreeSet<>(DEFAULTS.keySet())) + ".");
            }
            changed.put(name, value == null ? DEFAULTS.get(name) : value);
        });
        ScriptFields fields = new ScriptFields(changed);
        fields.check();
        return fields;
    }

    Map<String, Object> members() {
        return members;
    }

    /** What the script manager knows of it. */
    ScriptDetails details() {
        return new ScriptDetails(
                text("name"),
                text("location").equals("head") ? Place.HEAD : Place.FOOTER,
                Set.of(),
                text("kind").equals("src") ? element() : text("html"),
                Boolean.TRUE.equals(members.get("enabled")),
                ScriptDetails.DEFAULT_ORDER);
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("name", "");
        defaults.put("description", "");
        defaults.put("kind", "src");
        defaults.put("src", "");
        defaults.put("html", "");
        defaults.put("location", "head");
        defaults.put("load_method", "default");
        defaults.put("visibility", "storefront");
        defaults.put("auto_uninstall", false);
        defaults.put("enabled", true);
        defaults.put("channel_id", 1);
        defaults.put("consent_category", "unknown");
        defaults.put("integrity_hashes", List.of());
        return defaults;
    }

    private void check() {
        String name = text("name");
        if (name.isBlank() || name.length() > MAX_TEXT) {
            throw Refusal.invalid("name", "It has 1 to " + MAX_TEXT + " characters.");
        }
        text("description");
        oneOf("kind", Set.of("src", "script_tag"));
        oneOf("location", Set.of("head", "footer"));
        oneOf("load_method", Set.of("default", "async", "defer"));
        oneOf("visibility", Set.of("storefront", "all_pages"));
        oneOf("consent_category", CATEGORIES);
        flag("auto_uninstall");
        flag("enabled");
        if (!Integer.valueOf(1).equals(members.get("channel_id"))) {
            throw Refusal.invalid("channel_id", "It must be 1: the sandbox has one channel.");
        }
        if (text("kind").equals("src") && !isAddress(text("src"))) {
            throw Refusal.invalid("src", "It must be the http or https address of a script.");
        }
        if (text("kind").equals("script_tag") && text("html").isBlank()) {
            throw Refusal.invalid("html", "It must have what the page is to have: HTML of at most 65536 bytes.");
        }
        if (!(members.get("integrity_hashes") instanceof List<?> hashes)
                || hashes.size() > MAX_HASHES
                || !hashes.stream().allMatch(ScriptFields::isHash)) {
            throw Refusal.invalid(
                    "integrity_hashes", "It must be a list of at most " + MAX_HASHES + " hashes such as sha384-….");
        }
    }

    private String text(String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw Refusal.invalid(name, "It must be a string.");
    }

    private void flag(String name) {
        if (!(members.get(name) instanceof Boolean)) {
            throw Refusal.invalid(name, "It must be true or false.");
        }
    }

    private void oneOf(String name, Set<String> allowed) {
        if (!allowed.contains(text(name))) {
            throw Refusal.invalid(name, "It must be one of: " + String.join(", ", new TreeSet<>(allowed)) + ".");
        }
    }

    private static boolean isHash(Object hash) {
        return hash instanceof String text && text.matches("sha(256|384|512)-[A-Za-z0-9+/]{1,100}={0,2}");
    }

    private static boolean isAddress(String text) {
        try {
            URI address = URI.create(text);
            return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** A {@code URI} has none of the characters that end an attribute, save the ampersand and the apostrophe. */
    private String element() {
        String method = text("load_method");
        StringBuilder element = new StringBuilder("<script src=\"")
                .append(text("src").replace("&", "&amp;"))
                .append('"');
        if (!method.equals("default")) {
            element.append(' ').append(method);
        }
        if (members.get("integrity_hashes") instanceof List<?> hashes && !hashes.isEmpty()) {
            element.append(" integrity=\"")
                    .append(String.join(
                            " ", hashes.stream().map(String.class::cast).toList()))
                    .append("\" crossorigin=\"anonymous\"");
        }
        return element.append("></script>").toString();
    }
}
