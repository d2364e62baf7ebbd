package dev.patron.server.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Rules for names and descriptions that some people write and others read: every character can be seen, and none changes the
 * order of the others. A heading that asks for consent must not read backwards, and two names that look alike must not differ
 * by what nobody sees.
 *
 * <p>Refused are control and format characters (bidirectional controls, the soft hyphen, tags and others), line and paragraph
 * separators, surrogates, private use, unassigned code points, and letters that look blank. Three that real names need are taken
 * where they belong, and refused elsewhere:
 *
 * <ul>
 *   <li>a zero width joiner or non-joiner between two letters of one script that uses it, such as in Persian or Malayalam, or
 *       after a mark of such a script;
 *   <li>a zero width joiner between two emoji;
 *   <li>a variation selector right after an emoji or an ideograph.
 * </ul>
 *
 * <p>Names that were kept before these rules are shown by {@link #shown} and {@link #isolated}. Thread-safe.
 */
public final class VisibleText {

    private static final int NON_JOINER = 0x200C;
    private static final int JOINER = 0x200D;
    private static final String REPLACEMENT = "\uFFFD";
    private static final char ISOLATE = '\u2068';
    private static final char END_OF_ISOLATE = '\u2069';

    /** Hangul fillers, the combining grapheme joiner, two Khmer vowels and the blank Braille pattern. */
    private static final Set<Integer> BLANK =
            Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159);

    private static final Set<UnicodeScript> JOINING = EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MANDAIC,
            UnicodeScript.NKO,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.TIBETAN,
            UnicodeScript.MYANMAR,
            UnicodeScript.KHMER);

    private VisibleText() {}

    /** What is wrong with a text of one line, naming the character and its place; nothing when all is well. */
    public static Optional<String> fault(String text) {
        return fault(text, false);
    }

    /** The same for a text that may have several lines. */
    public static Optional<String> faultOfLines(String text) {
        return fault(text, true);
    }

    /** Whether a text has anything to see at all, rather than spaces of some kind. */
    public static boolean isEmpty(String text) {
        return text.codePoints()
                .allMatch(point -> Character.isWhitespace(point) || Character.isSpaceChar(point) || !isVisible(point));
    }

    /** A text as it is shown to people: what {@link #fault} refuses is replaced, lines are kept. */
    public static String shown(String text) {
        if (faultOfLines(text).isEmpty()) {
            return text;
        }
        int[] points = text.codePoints().toArray();
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < points.length; i++) {
            if (points[i] == '\n' || points[i] == '\r' || points[i] == '\t' || isAllowed(points, i)) {
                shown.appendCodePoint(points[i]);
            } else {
                shown.append(REPLACEMENT);
            }
        }
        return shown.toString();
    }

    /**
     * A text as it is shown within a sentence: its direction does not change that of the words around it. For places without
     * markup, such as titles and attributes; pages have {@code <bdi>}.
     */
    public static String isolated(String text) {
        return ISOLATE + shown(text) + END_OF_ISOLATE;
    }

    private static Optional<String> fault(String text, boolean lines) {
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean newLine = lines && (points[i] == '\n' || points[i] == '\r' || points[i] == '\t');
            if (!newLine && !isAllowed(points, i)) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "The character U+%04X%s at position %d cannot be seen, or changes the order of others. Leave it out.",
                        points[i],
                        name(points[i]),
                        i + 1));
            }
        }
        return Optional.empty();
    }

    private static String name(int point) {
        String name = Character.getName(point);
        return name == null ? "" : " (" + name + ")";
    }

    private static boolean isAllowed(int[] points, int at) {
        int point = points[at];
        if (point == JOINER || point == NON_JOINER) {
            return joinsLetters(points, at) || (point == JOINER && joinsEmoji(points, at));
        }
        if (isVariationSelector(point)) {
            return at > 0
                    && (Character.isExtendedPictographic(points[at - 1]) || Character.isIdeographic(points[at - 1]));
        }
        return isVisible(point);
    }

    private static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> !BLANK.contains(point) && !isVariationSelector(point);
        };
    }

    private static boolean isVariationSelector(int point) {
        return (point >= 0xFE00 && point <= 0xFE0F)
                || (point >= 0xE0100 && point <= 0xE01EF)
                || (point >= 0x180B && point <= 0x180F);
    }

    /** Marks such as Arabic vowels have no script of their own: the letter before them counts. */
    private static boolean joinsLetters(int[] points, int at) {
        int before = at - 1;
        while (before >= 0
                && UnicodeScript.of(points[before]) == UnicodeScript.INHERITED
                && isVisible(points[before])) {
            before--;
        }
        if (before < 0 || !isVisible(points[before]) || !JOINING.contains(UnicodeScript.of(points[before]))) {
            return false;
        }
        int type = Character.getType(points[at - 1]);
        if (type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK) {
            return true;
        }
        return Character.isLetter(points[before])
                && at + 1 < points.length
                && Character.isLetter(points[at + 1])
                && UnicodeScript.of(points[at + 1]) == UnicodeScript.of(points[before]);
    }

    private static boolean joinsEmoji(int[] points, int at) {
        int before = at - 1;
        if (before > 0 && points[before] == 0xFE0F) {
            before--;
        }
        return before >= 0
                && (Character.isExtendedPictographic(points[before]) || Character.isEmojiModifier(points[before]))
                && at + 1 < points.length
                && Character.isExtendedPictographic(points[at + 1]);
    }
}
