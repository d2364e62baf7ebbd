package dev.patron.testkit;

import java.util.concurrent.CountDownLatch;

/** What may go wrong at a store's endpoint. */
public final class Fault {

    /** What the endpoint does instead of answering. */
    enum Kind {
        STATUS,
        CUT,
        CONTENT_TYPE,
        DELAY
    }

    private final Kind kind;
    private final int status;
    private final String id;
    private final int retryAfter;
    private final CountDownLatch released = new CountDownLatch(1);

    private Fault(Kind kind, int status, String id, int retryAfter) {
        this.kind = kind;
        this.status = status;
        this.id = id;
        this.retryAfter = retryAfter;
    }

    /**
     * 429, with {@code Retry-After}.
     *
     * @param retryAfterSeconds after how many seconds to try again
     * @return the fault
     */
    public static Fault rateLimited(int retryAfterSeconds) {
        return new Fault(Kind.STATUS, 429, "rate_limited", retryAfterSeconds);
    }

    /**
     * 503, with {@code Retry-After: 1}.
     *
     * @return the fault
     */
    public static Fault unavailable() {
        return new Fault(Kind.STATUS, 503, "unavailable", 1);
    }

    /**
     * The connection ends before there is an answer.
     *
     * @return the fault
     */
    public static Fault cutConnection() {
        return new Fault(Kind.CUT, 0, "", 0);
    }

    /**
     * 200 with a page instead of a token, as a proxy answers that wants people to sign in.
     *
     * @return the fault
     */
    public static Fault wrongContentType() {
        return new Fault(Kind.CONTENT_TYPE, 200, "", 0);
    }

    /**
     * No answer until {@link #release()}: no test has to wait for a time to pass.
     *
     * @return the fault
     */
    public static Fault delay() {
        return new Fault(Kind.DELAY, 0, "", 0);
    }

    /** Ends a delay: what was held back is answered, and further requests are at once. */
    public void release() {
        released.countDown();
    }

    Kind kind() {
        return kind;
    }

    int status() {
        return status;
    }

    String id() {
        return id;
    }

    int retryAfter() {
        return retryAfter;
    }

    void awaitRelease() throws InterruptedException {
        released.await();
    }
}
