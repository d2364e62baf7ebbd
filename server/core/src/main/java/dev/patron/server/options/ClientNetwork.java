package dev.patron.server.options;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, since one customer has a whole /64.
 *
 * @param isIpv6 whether it is a /64
 * @param prefix the address, or its first 64 bits
 */
public record ClientNetwork(boolean isIpv6, long prefix) {

    /** A name for it, as short as it can be. */
    public String text() {
        return (isIpv6 ? "6:" : "4:") + Long.toHexString(prefix);
    }

    /** The network of an address. */
    public static ClientNetwork of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new ClientNetwork(true, bytes.getLong())
                : new ClientNetwork(false, Integer.toUnsignedLong(bytes.getInt()));
    }
}
