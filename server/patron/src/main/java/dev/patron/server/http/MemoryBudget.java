package dev.patron.server.http;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import java.util.OptionalInt;

/**
 * How much clients may make one listener hold at the same time. What the operator has not set is derived from the heap: both
 * listeners together take a quarter of it at most. {@code docs/operations.md} shows the sums.
 *
 * @param connections open connections
 * @param connectionsPerNetwork open connections from one network
 * @param incompleteRequests requests of which not all bytes have been received
 * @param inFlight requests that are being answered
 * @param inFlightPerNetwork those of one network
 * @param bodyBytes memory for request bodies, each of which counts {@value #BODY_WEIGHT} times
 * @param bodyBytesPerNetwork memory for the request bodies of one network
 */
record MemoryBudget(
        int connections,
        int connectionsPerNetwork,
        int incompleteRequests,
        int inFlight,
        int inFlightPerNetwork,
        int bodyBytes,
        int bodyBytesPerNetwork) {

    /** A body is there as it was received, as a whole, as text, and as the fields or members that the text has. */
    static final int BODY_WEIGHT = 4;

    /** Two buffers of the HTTP library, the thread's stack, and a part of the last head. */
    private static final int BYTES_PER_CONNECTION = 28 * 1024;

    /** A request that is being answered: its headers, and its answer. */
    private static final int BYTES_IN_FLIGHT = 64 * 1024;

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int LEAST_HEAP = 64 * MEBIBYTE;

    /**
     * The budget of a listener.
     *
     * @param heap the most bytes that the heap may have
     * @throws InvalidOptionException when the heap is too small for a server, or for what the options allow
     */
    static MemoryBudget of(Options options, ListenerKind kind, long heap) {
        if (heap < LEAST_HEAP) {
            throw new InvalidOptionException("The heap has " + heap / MEBIBYTE + " MiB. A server needs "
                    + LEAST_HEAP / MEBIBYTE + " MiB at least: start Java with -Xmx128m.");
        }
        long bytes = heap / 32 * (kind == ListenerKind.STOREFRONT ? 5 : 3);
        int maxBody = options.get(kind.maxBody());
        int connections = orElse(options.get(Options.MAX_CONNECTIONS), bytes * 3 / 8 / BYTES_PER_CONNECTION);
        int inFlight = orElse(options.get(Options.MAX_IN_FLIGHT), bytes * 3 / 8 / BYTES_IN_FLIGHT);
        int largestBody = BODY_WEIGHT * maxBody;
        int bodyBytes = orElse(options.get(Options.BODY_MEMORY), Math.max(bytes / 4, largestBody));
        MemoryBudget budget = new MemoryBudget(
                connections,
                orElse(options.get(Options.MAX_CONNECTIONS_PER_ADDRESS), share(connections)),
                orElse(options.get(Options.MAX_INCOMPLETE), share(connections)),
                inFlight,
                orElse(options.get(Options.MAX_IN_FLIGHT_PER_ADDRESS), share(inFlight)),
                bodyBytes,
                Math.max(share(bodyBytes), largestBody));
        if (bodyBytes < largestBody) {
            throw new InvalidOptionException(Options.BODY_MEMORY.name() + ": " + bodyBytes
                    + " bytes hold no body of " + kind.maxBody().name() + " (" + maxBody + " bytes), which counts "
                    + BODY_WEIGHT + " times. Raise the one, or lower the other.");
        }
        if (budget.bytes() > bytes * 2) {
            throw new InvalidOptionException("What clients may make the " + kind.label()
                    + " listener hold takes " + budget.bytes() / MEBIBYTE + " MiB, and " + bytes * 2 / MEBIBYTE
                    + " MiB of the heap are for that. Lower " + Options.MAX_CONNECTIONS.name() + ", "
                    + Options.MAX_IN_FLIGHT.name() + ", " + kind.maxBody().name() + " or " + Options.BODY_MEMORY.name()
                    + ", or start Java with a larger heap (-Xmx).");
        }
        return budget;
    }

    /** What all of it takes together, in bytes. */
    private long bytes() {
        return (long) connections * BYTES_PER_CONNECTION + (long) inFlight * BYTES_IN_FLIGHT + bodyBytes;
    }

    /** What one network may have of something. */
    private static int share(int all) {
        return Math.max(1, all / 4);
    }

    private static int orElse(OptionalInt set, long derived) {
        return set.orElse(Math.clamp(derived, 1, Integer.MAX_VALUE));
    }
}
