package dev.patron.engines;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.stream.IntStream;

/**
 * Finds ports for servers that cannot choose one themselves. They lie below those that systems give to outgoing connections,
 * so that no connection takes one before its server does.
 */
public final class FreePort {

    private static final int FIRST = 10_240;
    private static final int END = 32_768;
    private static final int MOST_TRIES = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private FreePort() {}

    /**
     * A port of the loopback interface that nobody listens to now.
     *
     * @throws IllegalStateException when there seems to be none
     */
    public static int find() {
        return find(0);
    }

    /** A port that is free, with another one that lies higher by an offset and is free, too. */
    static int find(int offset) {
        return IntStream.generate(() -> RANDOM.nextInt(FIRST, END - offset))
                .limit(MOST_TRIES)
                .filter(port -> isFree(port) && (offset == 0 || isFree(port + offset)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no free port from " + FIRST + " to " + END));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
