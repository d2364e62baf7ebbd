package dev.patron.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A check of HTTP/1.1 requests (RFC 9112), byte by byte, before the HTTP library sees them. The library would make an
 * object of each header as it arrives, and is lenient about chunks and names. Until the head of a request is complete,
 * it is kept here as the bytes that were sent; a head with too many or malformed headers is refused without being parsed.
 *
 * <p>Whether a head makes sense is for the library to say. Where its framing is not plain, nothing behind it is passed on.
 * Belongs to one connection, and to one thread.
 */
final class RequestFraming {

    /**
     * The bounds of a request.
     *
     * @param line the most bytes of the request line
     * @param headers the most bytes of all headers together
     * @param headerCount the most headers
     * @param body the most bytes of a body
     */
    record Bounds(int line, int headers, int headerCount, int body) {}

    /** The HTTP library forgets a piece once it has read it: small ones leave less with a connection that is idle. */
    private static final int PIECE = 2048;

    private static final Status HEADERS_TOO_LARGE = Status.create(431, "Request Header Fields Too Large");

    private static final int FIRST_HEAD_SIZE = 512;
    private static final int MAX_CHUNK_SIZE_DIGITS = 8;
    private static final byte[] NOTHING = new byte[0];
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private enum State {
        REQUEST_LINE,
        HEADERS,
        /** The head is complete, and is handed on piece by piece. */
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        LAST_CHUNK_END,
        /** What follows the head cannot be told: the library refuses the request. */
        REFUSED
    }

    private final Bounds bounds;
    private byte[] received = NOTHING;
    private int position;
    private byte[] head = NOTHING;
    private int headLength;
    private int handedOn;
    private int lineStart;
    private int headersStart;
    private int headerCount;
    private State state = State.REQUEST_LINE;
    private State afterHead = State.REQUEST_LINE;
    private boolean hasLength;
    private boolean hasChunks;
    private boolean isUnclear;
    private boolean isLast;
    private long bodyLeft;
    private long bodyTotal;
    private int digits;

    RequestFraming(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Takes bytes that were received; all earlier ones have been used up. */
    void receive(byte[] bytes) {
        received = bytes;
        position = 0;
    }

    /** Whether no byte of a further request has been received. */
    boolean isBetweenRequests() {
        return state == State.REQUEST_LINE && headLength == 0 && position == received.length;
    }

    /**
     * The next bytes for the HTTP library.
     *
     * @return null when more bytes have to be received first
     * @throws RequestException 400, 414 or 431 when what was received is no request within the bounds
     * @throws CloseConnectionException when nothing can be read behind a head whose framing is not plain
     */
    byte @Nullable [] next() {
        if (state == State.REQUEST_LINE || state == State.HEADERS) {
            readHead();
        }
        return switch (state) {
            case REQUEST_LINE, HEADERS -> nothingLeft();
            case HEAD -> nextPieceOfHead();
            case BODY -> body();
            case CHUNK_SIZE, CHUNK, CHUNK_END, LAST_CHUNK_END -> chunks();
            // The library has said what is wrong with it.
            case REFUSED -> throw new CloseConnectionException("What follows the head is not clear");
        };
    }

    /** Whether the client has said that this is its last request (RFC 9112 section 9.6), and all of it has been handed on. */
    boolean isOver() {
        return isLast && state == State.REQUEST_LINE && headLength == 0;
    }

    /** Whether all bytes of the request at hand have been received. */
    boolean isComplete() {
        State next = state == State.HEAD ? afterHead : state;
        return next == State.REFUSED || (next == State.REQUEST_LINE && (state == State.HEAD || headLength == 0));
    }

    private byte @Nullable [] nothingLeft() {
        received = NOTHING;
        position = 0;
        return null;
    }

    private void readHead() {
        while (position < received.length && state != State.HEAD) {
            byte next = received[position++];
            append(next);
            if (state == State.REQUEST_LINE && headLength > bounds.line() + 2) {
                throw refused(Status.REQUEST_URI_TOO_LONG_414, "The request line is too long");
            }
            if (state == State.HEADERS && headLength - headersStart > bounds.headers()) {
                throw tooManyHeaders();
            }
            boolean afterReturn = headLength - lineStart > 1 && head[headLength - 2] == '\r';
            if (next == '\n' && afterReturn) {
                endOfLine();
            } else if (next == '\n' || afterReturn) {
                throw malformed("A line does not end with CR LF");
            }
        }
    }

    private void append(byte next) {
        if (headLength == head.length) {
            int most = bounds.line() + bounds.headers() + 4;
            head = Arrays.copyOf(head, Math.clamp(2L * headLength, FIRST_HEAD_SIZE, most));
        }
        head[headLength++] = next;
    }

    private void endOfLine() {
        int end = headLength - 2;
        if (state == State.REQUEST_LINE) {
            requireMethod(end);
            state = State.HEADERS;
            headersStart = headLength;
        } else if (end == lineStart) {
            endOfHead();
        } else {
            header(end);
        }
        lineStart = headLength;
    }

    /** Methods are case-sensitive (RFC 9110 section 9.1), and none that is registered has other letters than these. */
    private void requireMethod(int end) {
        int at = 0;
        while (at < end && head[at] != ' ') {
            if (head[at] != '-' && (head[at] < 'A' || head[at] > 'Z')) {
                throw malformed("The method has other characters than upper-case letters");
            }
            at++;
        }
        if (at == 0 || at == end) {
            throw malformed("There is no method");
        }
    }

    private void header(int end) {
        if (++headerCount > bounds.headerCount()) {
            throw tooManyHeaders();
        }
        int colon = lineStart;
        while (colon < end && head[colon] != ':') {
            if (!isTokenCharacter(head[colon])) {
                throw malformed("The name of a header has a character that is not allowed");
            }
            colon++;
        }
        if (colon == lineStart || colon == end) {
            throw malformed("A header has no name, or no value");
        }
        String name = text(lineStart, colon).toLowerCase(Locale.ROOT);
        switch (name) {
            case "connection" -> isLast |= namesClose(text(colon + 1, end));
            case "content-length" -> length(text(colon + 1, end).strip());
            case "transfer-encoding" -> {
                isUnclear |= hasChunks || !text(colon + 1, end).strip().equalsIgnoreCase("chunked");
                hasChunks = true;
            }
            default -> {
                // It says nothing of the framing.
            }
        }
    }

    private static boolean namesClose(String options) {
        return Arrays.stream(options.split(",", -1))
                .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }

    private void length(String digitsOnly) {
        isUnclear |= hasLength || !digitsOnly.matches("[0-9]{1,10}");
        hasLength = true;
        if (!isUnclear) {
            bodyLeft = Long.parseLong(digitsOnly);
            isUnclear = bodyLeft > bounds.body();
        }
    }

    private void endOfHead() {
        if (isUnclear || (hasLength && hasChunks)) {
            afterHead = State.REFUSED;
        } else if (hasChunks) {
            afterHead = State.CHUNK_SIZE;
        } else {
            afterHead = bodyLeft > 0 ? State.BODY : State.REQUEST_LINE;
        }
        state = State.HEAD;
    }

    private byte[] nextPieceOfHead() {
        int end = Math.min(headLength, handedOn + PIECE);
        byte[] piece = Arrays.copyOfRange(head, handedOn, end);
        handedOn = end;
        if (handedOn == headLength) {
            state = afterHead;
            head = NOTHING;
            headLength = 0;
            handedOn = 0;
            lineStart = 0;
            headerCount = 0;
            hasLength = false;
            hasChunks = false;
            isUnclear = false;
            bodyTotal = 0;
            digits = 0;
        }
        return piece;
    }

    private byte @Nullable [] body() {
        int length = (int) Math.min(bodyLeft, received.length - position);
        bodyLeft -= length;
        if (bodyLeft == 0) {
            state = State.REQUEST_LINE;
        }
        return part(position, length);
    }

    /** The chunks that have been received (RFC 9112 section 7.1); extensions and trailers are refused. */
    private byte @Nullable [] chunks() {
        int start = position;
        while (position < received.length && state != State.REQUEST_LINE && state != State.REFUSED) {
            switch (state) {
                case CHUNK_SIZE -> chunkSize(received[position++]);
                case CHUNK -> {
                    int length = (int) Math.min(bodyLeft, received.length - position);
                    position += length;
                    bodyLeft -= length;
                    if (bodyLeft == 0) {
                        state = State.CHUNK_END;
                        digits = 0;
                    }
                }
                case CHUNK_END -> lineEnd(received[position++], State.CHUNK_SIZE);
                default -> lineEnd(received[position++], State.REQUEST_LINE);
            }
        }
        return part(start, position - start);
    }

    private void chunkSize(byte next) {
        int digit = digits > MAX_CHUNK_SIZE_DIGITS ? -1 : Character.digit(next, 16);
        if (digit >= 0 && digits < MAX_CHUNK_SIZE_DIGITS) {
            bodyLeft = 16 * bodyLeft + digit;
            digits++;
        } else if (next == '\r' && digits > 0 && digits <= MAX_CHUNK_SIZE_DIGITS) {
            digits = MAX_CHUNK_SIZE_DIGITS + 1;
        } else if (next == '\n' && digits > MAX_CHUNK_SIZE_DIGITS) {
            digits = 0;
            bodyTotal += bodyLeft;
            if (bodyTotal > bounds.body()) {
                // The library says so to the client.
                state = State.REFUSED;
            } else {
                state = bodyLeft > 0 ? State.CHUNK : State.LAST_CHUNK_END;
            }
        } else {
            throw malformed("The size of a chunk is not hexadecimal digits and CR LF");
        }
    }

    private void lineEnd(byte next, State then) {
        if (next != (digits == 0 ? '\r' : '\n')) {
            throw malformed("A chunk does not end with CR LF");
        }
        digits++;
        if (digits == 2) {
            digits = 0;
            state = then;
        }
    }

    private byte @Nullable [] part(int start, int length) {
        if (length == 0) {
            return nothingLeft();
        }
        byte[] part = start == 0 && length == received.length
                ? received
                : Arrays.copyOfRange(received, start, start + length);
        position = start + length;
        return part;
    }

    private String text(int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isTokenCharacter(byte character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || TOKEN_MARKS.indexOf(character) >= 0;
    }

    private static RequestException malformed(String reason) {
        return refused(Status.BAD_REQUEST_400, reason);
    }

    private static RequestException tooManyHeaders() {
        return refused(HEADERS_TOO_LARGE, "The headers are too many or too long");
    }

    private static RequestException refused(Status status, String reason) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .status(status)
                .message(reason)
                .setKeepAlive(false)
                .build();
    }
}
