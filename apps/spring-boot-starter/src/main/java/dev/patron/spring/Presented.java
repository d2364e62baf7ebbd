package dev.patron.spring;

import java.util.List;
import java.util.Optional;

/**
 * What a request presents of tokens and sessions.
 *
 * @param authorization the {@code Authorization} headers
 * @param rawPath the path as it was sent
 * @param rawQuery the query as it was sent, or an empty string
 * @param bodyFields the values of the form field that may have the token
 * @param cookies the values of the session cookie
 * @param fromOwnPage whether the browser says that a page of the app or of an allowed origin sends it: cookies count for nothing else
 */
record Presented(
        List<String> authorization,
        String rawPath,
        String rawQuery,
        List<String> bodyFields,
        List<String> cookies,
        boolean fromOwnPage) {

    private static final String SCHEME = "bearer ";

    /** What was sent in the places where a token may stand. */
    List<String> tokens() {
        if (!authorization.isEmpty()) {
            return authorization.stream()
                    .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                    .map(header -> header.substring(SCHEME.length()).strip())
                    .toList();
        }
        return bodyFields;
    }

    Optional<String> sessionCookie() {
        return fromOwnPage && cookies.size() == 1 ? Optional.of(cookies.get(0)) : Optional.empty();
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "Presented[***]";
    }
}
