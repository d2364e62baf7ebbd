package dev.patron.testkit;

import dev.patron.endpoint.Problem;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable Problem problem;
    private final CountDownLatch released = new CountDownLatch(1);

    private Fault(Kind kind, @Nullable Problem problem) {
        this.kind = kind;
        this.problem = problem;
    }

    /**
     * 429, with {@code Retry-After}.
     *
     * @param retryAfterSeconds after how many seconds to try again
     * @return the fault
     */
    public static Fault rateLimited(int retryAfterSeconds) {
        return new Fault(Kind.STATUS, Problem.rateLimited(Duration.ofSeconds(retryAfterSeconds)));
    }

    /**
     * 503, with {@code Retry-After: 1}.
     *
     * @return the fault
     */
    public static Fault unavailable() {
        return new Fault(Kind.STATUS, Problem.UNAVAILABLE);
    }

    /**
     * The connection ends before there is an answer.
     *
     * @return the fault
     */
    public static Fault cutConnection() {
        return new Fault(Kind.CUT, null);
    }

    /**
     * 200 with a page instead of a token, as a proxy answers that wants people to sign in.
     *
     * @return the fault
     */
    public static Fault wrongContentType() {
        return new Fault(Kind.CONTENT_TYPE, null);
    }

    /**
     * No answer until {@link #release()}: no test has to wait for a time to pass.
     *
     * @return the fault
     */
    public static Fault delay() {
        return new Fault(Kind.DELAY, null);
    }

    /** Ends a delay: what was held back is answered, and further requests are at once. */
    public void release() {
        released.countDown();
    }

    Kind kind() {
        return kind;
    }

    /** What a status tells. */
    Problem problem() {
        return Objects.requireNonNull(problem);
    }

    void awaitRelease() throws InterruptedException {
        released.await();
    }
}
