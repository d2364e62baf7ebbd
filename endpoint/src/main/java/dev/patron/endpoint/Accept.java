package dev.patron.endpoint;

import java.util.Locale;
import java.util.Optional;

/** What the {@code Accept} header asks for (RFC 9110 section 12.5.1), among the few types that Patron answers with. */
public final class Accept {

    private Accept() {}

    /**
     * Whether the client wants JSON: the header names {@code application/json}, with a quality above zero that is at
     * least that of plain text. Wildcards do not name it, so {@code *}{@code /*} means text.
     *
     * @param header the header's value; empty when it was not sent
     * @return whether it wants JSON
     */
    public static boolean wantsJson(Optional<String> header) {
        if (header.isEmpty() || !header.get().toLowerCase(Locale.ROOT).contains("application/json")) {
            return false;
        }
        int json = quality(header.get(), "application/json");
        return json > 0
                && json >= quality(header.get(), "text/plain")
                && json >= quality(header.get(), "text/*")
                && json >= quality(header.get(), "*/*");
    }

    /**
     * Whether the client is a person's browser that opens a page: the header names {@code text/html}.
     *
     * @param header the header's value; empty when it was not sent
     * @return whether it is
     */
    public static boolean wantsHtml(Optional<String> header) {
        return header.isPresent() && quality(header.get(), "text/html") > 0;
    }

    /** The quality of a media range in thousandths; 0 when the header does not name it. */
    private static int quality(String header, String range) {
        int best = 0;
        for (String element : header.split(",", -1)) {
            String[] parts = element.split(";", -1);
            if (parts[0].strip().equalsIgnoreCase(range)) {
                best = Math.max(best, quality(parts));
            }
        }
        return best;
    }

    private static int quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    return (int) Math.round(
                            1000 * Math.max(0, Math.min(1, Double.parseDouble(parameter.substring(2)))));
                } catch (NumberFormatException malformed) {
                    return 0;
                }
            }
        }
        return 1000;
    }
}
