package dev.patron.endpoint;

/** Writes texts as JSON (RFC 8259 section 7). */
public final class JsonText {

    private JsonText() {}

    /**
     * A text as a JSON string: quoted, with nothing escaped that needs no escape.
     *
     * @param text the text
     * @return such as {@code "a \"quoted\" word"}
     */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
