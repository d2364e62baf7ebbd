package dev.patron.server.log;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of the request that this thread answers: on the lines that are logged meanwhile, and in the header {@code
 * X-Request-Id} of an answer 5xx, so that whoever got that can be told what went wrong. It is made when it is first asked
 * for, since most requests go without.
 */
public final class RequestId {

    /** The answer's header. */
    public static final String HEADER = "X-Request-Id";

    private static final ScopedValue<RequestId> CURRENT = ScopedValue.newInstance();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 8;

    private @Nullable String text;

    private RequestId() {}

    /** Does what belongs to one request. */
    public static void during(Runnable request) {
        ScopedValue.where(CURRENT, new RequestId()).run(request);
    }

    /** The id of the request that this thread answers, if it answers one: 16 hexadecimal digits. */
    public static Optional<String> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get().text()) : Optional.empty();
    }

    private String text() {
        if (text == null) {
            byte[] bytes = new byte[BYTES];
            RANDOM.nextBytes(bytes);
            text = HexFormat.of().formatHex(bytes);
        }
        return text;
    }
}
