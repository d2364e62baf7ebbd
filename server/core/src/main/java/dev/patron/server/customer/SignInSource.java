package dev.patron.server.customer;

import java.net.InetAddress;
import java.util.Optional;

/** Where an attempt to sign in, or to show a password again, comes from. It decides what the attempt counts against. */
public sealed interface SignInSource {

    /**
     * A browser.
     *
     * @param address the network address
     * @param device its id, when it has signed in to the account before ({@link KnownDevices})
     */
    record Browser(InetAddress address, Optional<String> device) implements SignInSource {}

    /** An app that asks for its customers, whose addresses nobody knows. */
    record App() implements SignInSource {}

    /** Somebody who is signed in to the account, and shows its password again. */
    record SignedIn() implements SignInSource {}
}
