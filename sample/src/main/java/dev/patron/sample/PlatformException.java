package dev.patron.sample;

/** The platform did not answer as the app needs it: nothing is shown then. It carries no stack trace, and no part of an answer. */
final class PlatformException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PlatformException(String message) {
        super(message, null, false, false);
    }
}
