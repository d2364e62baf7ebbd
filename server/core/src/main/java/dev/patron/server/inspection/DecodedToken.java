package dev.patron.server.inspection;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A token as people can read it, whether it is genuine or not: nothing here may be believed. Whatever cannot be decoded is
 * empty. {@link #toString()} tells nothing of it.
 *
 * @param audience the claim {@code aud}, or the first of several
 */
record DecodedToken(
        Optional<String> header,
        Optional<String> claims,
        Optional<Instant> issuedAt,
        Optional<Instant> expiresAt,
        Optional<String> audience) {

    /** The longest token that is decoded: no verifier takes longer ones. */
    private static final int MAX_LENGTH = 8192;

    /** Twice what a verifier takes, so that what it finds too deep is shown; the indentation stays bounded. */
    private static final int MAX_DEPTH = 16;

    private static final long LATEST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static DecodedToken of(String token) {
        String[] parts = token.length() > MAX_LENGTH ? new String[0] : token.split("\\.", -1);
        Optional<String> payload = part(parts, 1);
        Optional<JsonNode> claims = payload.flatMap(DecodedToken::json);
        return new DecodedToken(
                part(parts, 0).map(DecodedToken::shown),
                payload.map(DecodedToken::shown),
                claims.flatMap(members -> moment(members.path("iat"))),
                claims.flatMap(members -> moment(members.path("exp"))),
                claims.flatMap(members -> audience(members.path("aud"))));
    }

    private static Optional<String> part(String[] parts, int number) {
        if (parts.length <= number) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(parts[number]);
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> json(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> moment(JsonNode claim) {
        boolean second = claim.isIntegralNumber() && claim.canConvertToLong();
        long value = second ? claim.asLong() : -1;
        return value < 0 || value > LATEST_SECOND ? Optional.empty() : Optional.of(Instant.ofEpochSecond(value));
    }

    private static Optional<String> audience(JsonNode claim) {
        JsonNode first = claim.isArray() ? claim.path(0) : claim;
        return first.isString() ? Optional.of(first.asString()) : Optional.empty();
    }

    private static String shown(String text) {
        return json(text).isPresent() ? indented(text) : visible(text);
    }

    /** Breaks well-formed JSON into lines. Every name and value stays as it was sent, to the letter. */
    private static String indented(String json) {
        StringBuilder lines = new StringBuilder();
        int depth = 0;
        int i = 0;
        while (i < json.length()) {
            char c = json.charAt(i);
            switch (c) {
                case '"' -> {
                    int end = endOfString(json, i);
                    lines.append(visible(json.substring(i, end)));
                    i = end - 1;
                }
                case '{', '[' -> {
                    depth++;
                    newLine(lines.append(c), depth);
                }
                case '}', ']' -> {
                    depth--;
                    if (isEmpty(lines)) {
                        lines.setLength(lines.toString().stripTrailing().length());
                    } else {
                        newLine(lines, depth);
                    }
                    lines.append(c);
                }
                case ',' -> newLine(lines.append(c), depth);
                case ':' -> lines.append(": ");
                case ' ', '\t', '\r', '\n' -> {}
                default -> lines.append(c);
            }
            i++;
        }
        return lines.toString();
    }

    /** The index after the closing quotation mark of the string that begins here. */
    private static int endOfString(String json, int start) {
        int i = start + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /** Whether the object or array that is to be closed has nothing in it. */
    private static boolean isEmpty(StringBuilder lines) {
        int i = lines.length() - 1;
        while (Character.isWhitespace(lines.charAt(i))) {
            i--;
        }
        return lines.charAt(i) == '{' || lines.charAt(i) == '[';
    }

    private static void newLine(StringBuilder lines, int depth) {
        lines.append('\n').repeat("  ", depth);
    }

    /** Shows what would not be seen, or would make the rest look other than it is, as JSON escapes it. */
    private static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> {
                    for (char unit : Character.toChars(c)) {
                        shown.append(String.format("\\u%04x", (int) unit));
                    }
                }
                default -> shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    @Override
    public String toString() {
        return "DecodedToken[***]";
    }
}
