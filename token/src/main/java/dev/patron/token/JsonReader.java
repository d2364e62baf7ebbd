package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text, value by value, on the caller's demand. It takes RFC 8259 literally and refuses what that leaves to
 * the reader's taste: anything but strict UTF-8 (so also a byte order mark), a name that occurs twice in an object,
 * escapes of unpaired surrogates, and nesting deeper than {@value #MAX_DEPTH}.
 *
 * <p>Every method that reads refuses what doesn't stand there with {@link InvalidTokenException.Reason#MALFORMED}.
 */
final class JsonReader {
    static final int MAX_DEPTH = 8;

    /** So many digits always fit a long. */
    private static final int SAFE_DIGITS = 18;

    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** The kinds of JSON values. */
    enum Kind {
        OBJECT("an object"),
        ARRAY("an array"),
        STRING("a string"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        NULL("null");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /** By the character that a value begins with. */
    private static final @Nullable Kind[] KINDS = new Kind[128];

    static {
        KINDS['{'] = Kind.OBJECT;
        KINDS['['] = Kind.ARRAY;
        KINDS['"'] = Kind.STRING;
        KINDS['t'] = Kind.BOOLEAN;
        KINDS['f'] = Kind.BOOLEAN;
        KINDS['n'] = Kind.NULL;
        KINDS['-'] = Kind.NUMBER;
        Arrays.fill(KINDS, '0', '9' + 1, Kind.NUMBER);
    }

    /** The names seen so far in one object: the known ones as bits, the others as a set. */
    private static final class Names {
        private final @Nullable Names outer;
        private long known;
        private @Nullable Set<String> others;

        Names(@Nullable Names outer) {
            this.outer = outer;
        }

        boolean addKnown(int index) {
            long before = known;
            known |= 1L << index;
            return known != before;
        }

        boolean addOther(String name) {
            if (others == null) {
                others = new HashSet<>();
            }
            return others.add(name);
        }
    }

    private final String part;
    private final byte[] json;
    private final KnownStrings knownStrings;

    private int position;
    private int depth;
    private @Nullable Names names;
    /** Whether nothing has been read yet of the object or array that was begun last. */
    private boolean atFirst;

    private String lastName = "";
    /** The index of the last name that was a known one. */
    private int lastKnown = -1;

    /** What the last call of scanString found: the bytes between the quotes, and whether they stand for themselves. */
    private int stringStart;

    private int stringEnd;
    private boolean plain;

    /** Reads a part of a token, which is called {@code part} in messages. */
    JsonReader(String part, byte[] json, KnownStrings knownStrings) {
        this.part = part;
        this.json = json;
        this.knownStrings = knownStrings;
    }

    /** The kind of the value that comes next. */
    Kind peek() throws InvalidTokenException {
        byte b = skipSpace();
        Kind kind = b < 0 ? null : KINDS[b];
        if (kind == null) {
            throw malformed("a value is missing");
        }
        return kind;
    }

    void beginObject() throws InvalidTokenException {
        require('{', Kind.OBJECT);
        begin();
        names = new Names(names);
    }

    /** The name of the object's next member, whose value has to be read next; null ends the object. */
    @Nullable
    String nextName() throws InvalidTokenException {
        byte b = skipSpace();
        if (b == '}') {
            end();
            names = names().outer;
            return null;
        }
        if (!atFirst) {
            skip(',');
            b = skipSpace();
        }
        if (b != '"') {
            throw malformed("a name is missing");
        }
        atFirst = false;
        lastName = readName();
        skipSpace();
        skip(':');
        return lastName;
    }

    void beginArray() throws InvalidTokenException {
        require('[', Kind.ARRAY);
        begin();
    }

    /** Whether another element has to be read next; false ends the array. */
    boolean nextElement() throws InvalidTokenException {
        byte b = skipSpace();
        if (b == ']') {
            end();
            return false;
        }
        if (!atFirst) {
            skip(',');
        }
        atFirst = false;
        return true;
    }

    String nextString() throws InvalidTokenException {
        require('"', Kind.STRING);
        scanString();
        if (!plain) {
            return decodeString();
        }
        String known = knownStrings.find(json, stringStart, stringEnd);
        return known != null ? known : new String(json, stringStart, stringEnd - stringStart, ISO_8859_1);
    }

    /** The number as it is written. */
    String nextNumber() throws InvalidTokenException {
        require(Kind.NUMBER);
        int start = position;
        scanNumber();
        return new String(json, start, position - start, ISO_8859_1);
    }

    /** A number that is written as a whole one, such as {@code 7} or {@code 7.0}, and fits a long. */
    long nextLong() throws InvalidTokenException {
        require(Kind.NUMBER);
        int start = position;
        long value = 0;
        int end = start;
        while (end < json.length && json[end] >= '0' && json[end] <= '9') {
            value = 10 * value + json[end] - '0';
            end++;
        }
        // Nearly every number is but a few digits, and they have just been read.
        boolean usual = end - start <= SAFE_DIGITS && json[start] > '0' && !continuesNumber(end);
        if (usual) {
            position = end;
            return value;
        }
        return scanLong(start);
    }

    private boolean continuesNumber(int at) {
        return at < json.length && (json[at] == '.' || json[at] == 'e' || json[at] == 'E');
    }

    private long scanLong(int start) throws InvalidTokenException {
        int end = scanNumber();
        for (int i = end; i < position; i++) {
            if (json[i] != (i == end ? '.' : '0')) {
                throw malformed("\"" + lastName + "\" is not a whole number");
            }
        }
        return parseLong(start, end);
    }

    private long parseLong(int start, int end) throws InvalidTokenException {
        try {
            return Long.parseLong(new String(json, start, end - start, ISO_8859_1));
        } catch (NumberFormatException e) {
            throw malformed("\"" + lastName + "\" is too large a number");
        }
    }

    boolean nextBoolean() throws InvalidTokenException {
        require(Kind.BOOLEAN);
        boolean value = json[position] == 't';
        skipWord(value ? "true" : "false");
        return value;
    }

    void nextNull() throws InvalidTokenException {
        require(Kind.NULL);
        skipWord("null");
    }

    /** Reads the next value, checks it like any other, and forgets it. */
    void skipValue() throws InvalidTokenException {
        switch (peek()) {
            case OBJECT -> {
                beginObject();
                while (nextName() != null) {
                    skipValue();
                }
            }
            case ARRAY -> {
                beginArray();
                while (nextElement()) {
                    skipValue();
                }
            }
            case STRING -> {
                scanString();
                if (!plain) {
                    decodeString();
                }
            }
            case NUMBER -> scanNumber();
            case BOOLEAN -> nextBoolean();
            case NULL -> nextNull();
        }
    }

    /** Makes sure that nothing follows. */
    void requireEnd() throws InvalidTokenException {
        while (position < json.length) {
            if (!isSpace(json[position])) {
                throw malformed("something follows its end");
            }
            position++;
        }
    }

    private void begin() throws InvalidTokenException {
        if (depth == MAX_DEPTH) {
            throw malformed("it nests deeper than " + MAX_DEPTH + " levels");
        }
        depth++;
        position++;
        atFirst = true;
    }

    private void end() {
        depth--;
        position++;
        atFirst = false;
    }

    private Names names() {
        if (names == null) {
            throw new IllegalStateException("there is no object");
        }
        return names;
    }

    private String readName() throws InvalidTokenException {
        // Members mostly come in the order in which their names are known.
        int expected = lastKnown + 1;
        int end = knownStrings.endOf(expected, json, position + 1);
        if (end >= 0 && names().addKnown(expected)) {
            lastKnown = expected;
            position = end + 1;
            return knownStrings.get(expected);
        }
        scanString();
        String name;
        boolean isNew;
        int index = plain ? knownStrings.indexOf(json, stringStart, stringEnd) : -1;
        if (index >= 0) {
            name = knownStrings.get(index);
            isNew = names().addKnown(index);
            lastKnown = index;
        } else {
            name = decodeString();
            byte[] utf8 = name.getBytes(UTF_8);
            index = knownStrings.indexOf(utf8, 0, utf8.length);
            isNew = index >= 0 ? names().addKnown(index) : names().addOther(name);
        }
        if (!isNew) {
            throw malformed("the member " + Text.shown(name) + " occurs twice");
        }
        return name;
    }

    /** Finds the end of the string that begins here. */
    private void scanString() throws InvalidTokenException {
        int i = position + 1;
        stringStart = i;
        plain = true;
        while (true) {
            i = skipPlain(i);
            if (i >= json.length) {
                position = json.length;
                throw malformed("it ends inside a string");
            }
            byte b = json[i];
            if (b == '"') {
                break;
            }
            if (b >= 0 && b < ' ') {
                position = i;
                throw malformed("a control character stands in a string");
            }
            plain = false;
            i += b == '\\' ? 2 : 1;
        }
        stringEnd = i;
        position = i + 1;
    }

    /**
     * Where the first byte from {@code i} on stands that is not a printable ASCII character other than a quote and a
     * backslash. Looks at eight bytes at a time: each test sets the highest bit of the bytes it finds, and of none before
     * the first that it finds ("Determine if a word has a byte less than n", Bit Twiddling Hacks, S. E. Anderson).
     */
    private int skipPlain(int i) {
        for (; i <= json.length - Word.LENGTH; i += Word.LENGTH) {
            long eight = Word.at(json, i);
            long quotes = eight ^ (EACH_BYTE * '"');
            long backslashes = eight ^ (EACH_BYTE * '\\');
            long special =
                    (eight | (eight - EACH_BYTE * ' ') | (quotes - EACH_BYTE) | (backslashes - EACH_BYTE)) & HIGH_BITS;
            if (special != 0) {
                return i + Long.numberOfTrailingZeros(special) / Byte.SIZE;
            }
        }
        while (i < json.length && json[i] >= ' ' && json[i] != '"' && json[i] != '\\') {
            i++;
        }
        return i;
    }

    /** The string that scanString found, decoded strictly. */
    private String decodeString() throws InvalidTokenException {
        String raw;
        try {
            raw = UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(json, stringStart, stringEnd - stringStart))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("a string is not UTF-8");
        }
        return raw.indexOf('\\') < 0 ? raw : unescape(raw);
    }

    private String unescape(String raw) throws InvalidTokenException {
        StringBuilder text = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(i++);
            switch (escape) {
                case '"', '\\', '/' -> text.append(escape);
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append(codeUnit(raw, i));
                    i += 4;
                }
                default -> throw malformed("a string has an unknown escape");
            }
        }
        if (!Text.isWellFormed(text.toString())) {
            throw malformed("a string has an unpaired surrogate");
        }
        return text.toString();
    }

    private char codeUnit(String raw, int start) throws InvalidTokenException {
        int unit = 0;
        for (int i = start; i < start + 4; i++) {
            int digit = i < raw.length() && raw.charAt(i) < 0x80 ? Character.digit(raw.charAt(i), 16) : -1;
            if (digit < 0) {
                throw malformed("a \\u escape lacks four hexadecimal digits");
            }
            unit = (unit << 4) | digit;
        }
        return (char) unit;
    }

    /** Passes the number that begins here and returns where its integer part ends. */
    private int scanNumber() throws InvalidTokenException {
        if (json[position] == '-') {
            position++;
        }
        if (at('0')) {
            position++;
        } else {
            skipDigits();
        }
        int endOfInteger = position;
        if (at('.')) {
            position++;
            skipDigits();
        }
        if (at('e') || at('E')) {
            position++;
            if (at('+') || at('-')) {
                position++;
            }
            skipDigits();
        }
        return endOfInteger;
    }

    private void skipDigits() throws InvalidTokenException {
        int start = position;
        while (position < json.length && json[position] >= '0' && json[position] <= '9') {
            position++;
        }
        if (position == start) {
            throw malformed("a digit is missing");
        }
    }

    private void skipWord(String word) throws InvalidTokenException {
        for (int i = 0; i < word.length(); i++) {
            if (!at(word.charAt(i))) {
                throw malformed("a value is misspelt");
            }
            position++;
        }
    }

    private void skip(char c) throws InvalidTokenException {
        if (json[position] != c) {
            throw malformed("'" + c + "' is missing");
        }
        position++;
    }

    private boolean at(char c) {
        return position < json.length && json[position] == c;
    }

    /** Passes white space and returns the byte that stands after it, still to be read. */
    private byte skipSpace() throws InvalidTokenException {
        while (position < json.length) {
            byte b = json[position];
            if (b > ' ' || !isSpace(b)) {
                return b;
            }
            position++;
        }
        throw malformed("it ends too early");
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void require(char start, Kind expected) throws InvalidTokenException {
        if (skipSpace() != start) {
            require(expected);
        }
    }

    private void require(Kind expected) throws InvalidTokenException {
        Kind found = peek();
        if (found != expected) {
            throw malformed(Text.shown(lastName) + " is " + found + "; expected " + expected);
        }
    }

    private InvalidTokenException malformed(String fault) {
        return InvalidTokenException.malformed(
                "the " + part + " is not usable JSON: " + fault + " (byte " + position + ")");
    }
}
