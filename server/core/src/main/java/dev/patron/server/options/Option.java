package dev.patron.server.options;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * One thing that an operator may set.
 *
 * @param name the key in the configuration file, for example {@code patron.storefront.port}
 * @param defaultText the value when nothing is set, written as an operator would write it
 * @param allowed what values are allowed, in words and with the unit
 * @param purpose one sentence on what the option is for
 * @param isSecret whether no message may repeat the value
 * @param parser turns text into a value, or throws {@link IllegalArgumentException} saying what is wrong with it
 * @param <T> the type of the value
 */
public record Option<T>(
        String name, String defaultText, String allowed, String purpose, boolean isSecret, Function<String, T> parser) {

    private static final String DERIVED = "auto";

    /** An option whose value is no secret. */
    Option(String name, String defaultText, String allowed, String purpose, Function<String, T> parser) {
        this(name, defaultText, allowed, purpose, false, parser);
    }

    /** The environment variable that overrides the file: {@code PATRON_STOREFRONT_PORT}. */
    public String environmentVariable() {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** An option without a default whose value no message repeats. */
    static <T> Option<T> secret(String name, String allowed, String purpose, Function<String, T> parser) {
        return new Option<>(name, "", allowed, purpose, true, parser);
    }

    static Option<Integer> number(String name, int defaultValue, int min, int max, String unit, String purpose) {
        return new Option<>(
                name,
                Integer.toString(defaultValue),
                "a whole number of " + unit + " from " + min + " to " + max,
                purpose,
                text -> (int) bounded(wholeNumber(text), min, max, String::valueOf));
    }

    /** A number that is derived from the heap unless it is set. */
    static Option<OptionalInt> derived(String name, int min, int max, String unit, String purpose) {
        return new Option<>(
                name,
                DERIVED,
                DERIVED + " for one that fits the heap, or a whole number of " + unit + " from " + min + " to " + max,
                purpose,
                text -> text.equals(DERIVED)
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) bounded(wholeNumber(text), min, max, String::valueOf)));
    }

    static Option<Integer> port(String name, int defaultValue, String purpose) {
        return new Option<>(
                name,
                Integer.toString(defaultValue),
                "a TCP port from 1 to 65535, or 0 for any free one",
                purpose,
                text -> (int) bounded(wholeNumber(text), 0, 65_535, String::valueOf));
    }

    static Option<Integer> bytes(String name, String defaultText, int min, int max, String purpose) {
        return new Option<>(
                name,
                defaultText,
                "a size from " + Units.formatBytes(min) + " to " + Units.formatBytes(max)
                        + ", in B, KiB or MiB, for example " + defaultText,
                purpose,
                text -> (int) bounded(Units.parseBytes(text), min, max, Units::formatBytes));
    }

    static Option<Duration> duration(String name, String defaultText, Duration min, Duration max, String purpose) {
        return new Option<>(
                name,
                defaultText,
                "a duration from " + Units.formatDuration(min) + " to " + Units.formatDuration(max)
                        + ", in ms, s, m, h or d, for example " + defaultText,
                purpose,
                text -> {
                    Duration value = Units.parseDuration(text);
                    bounded(
                            value.toMillis(),
                            min.toMillis(),
                            max.toMillis(),
                            millis -> Units.formatDuration(Duration.ofMillis(millis)));
                    return value;
                });
    }

    static Option<Boolean> flag(String name, boolean defaultValue, String purpose) {
        return new Option<>(name, Boolean.toString(defaultValue), "true or false", purpose, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        });
    }

    static Option<String> address(String name, String defaultText, String purpose) {
        return new Option<>(
                name, defaultText, "an IP address or host name of this machine; 0.0.0.0 for all", purpose, text -> {
                    if (text.isEmpty()) {
                        throw new IllegalArgumentException("is empty");
                    }
                    try {
                        var _ = InetAddress.getByName(text);
                        return text;
                    } catch (UnknownHostException unknown) {
                        throw new IllegalArgumentException("is not known to this machine", unknown);
                    }
                });
    }

    private static long wholeNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("is not a whole number");
        }
    }

    private static long bounded(long value, long min, long max, Function<Long, String> format) {
        if (value < min) {
            throw new IllegalArgumentException("is below " + format.apply(min));
        }
        if (value > max) {
            throw new IllegalArgumentException("is above " + format.apply(max));
        }
        return value;
    }
}
