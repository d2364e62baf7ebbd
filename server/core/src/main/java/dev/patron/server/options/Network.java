package dev.patron.server.options;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of network addresses, as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or one address (RFC 4632, RFC 4291 section
 * 2.3).
 */
public final class Network {

    private static final Pattern DOTTED_QUAD = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException when it is none, or has bits set beyond its prefix; names are not looked up
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        int all = address.length * Byte.SIZE;
        int bits = slash < 0 ? all : bits(text.substring(slash + 1));
        if (bits > all) {
            throw new IllegalArgumentException("has a prefix that is longer than the address");
        }
        if (!Arrays.equals(masked(address, bits), address)) {
            throw new IllegalArgumentException("has an address with bits beyond its prefix");
        }
        return new Network(address, bits);
    }

    private static byte[] address(String text) {
        return literal(text)
                .orElseThrow(() ->
                        new IllegalArgumentException("has something that is no IP address: names are not looked up"))
                .getAddress();
    }

    /** The address that a text is: four decimal numbers or IPv6. A name is none, and neither is half an address. */
    public static Optional<InetAddress> literal(String text) {
        if (!text.contains(":") && !DOTTED_QUAD.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static int bits(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("has a prefix that is no number");
        }
    }

    /** Whether an address is in it. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == prefix.length && Arrays.equals(masked(bytes, bits), prefix);
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            masked[i] &= (byte) (0xFF << (Byte.SIZE - kept));
        }
        return masked;
    }
}
