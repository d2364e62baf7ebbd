package dev.patron.server.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * A pause before an answer that says to come back later, so that a client which tries again without end does not keep the
 * server busy with refusing it. So many wait at once; further ones are answered without a pause. Thread-safe.
 */
final class HeldRefusals {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Semaphore free;

    HeldRefusals(int atOnce) {
        this.free = new Semaphore(atOnce);
    }

    /** Waits, on the virtual thread of the request. */
    void hold() {
        if (!free.tryAcquire()) {
            return;
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            free.release();
        }
    }
}
