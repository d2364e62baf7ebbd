package dev.patron.endpoint;

/** What a client id looks like. */
public final class ClientId {

    private static final int MIN_LENGTH = 20;
    private static final int MAX_LENGTH = 64;

    private ClientId() {}

    /**
     * Whether this may be a client id: 20 to 64 of {@code [A-Za-z0-9]}.
     *
     * @param text what was given as one
     * @return whether it may be one
     */
    public static boolean isWellFormed(String text) {
        if (text.length() < MIN_LENGTH || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
