package dev.patron.endpoint;

import org.jspecify.annotations.Nullable;

/** A storefront cannot say now what it is asked. The request is answered 503, and never as if nobody were signed in. */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An outage.
     *
     * @param message what does not answer, without anything secret
     * @param cause the reason; null when the message says all
     */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
