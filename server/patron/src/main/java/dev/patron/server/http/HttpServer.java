package dev.patron.server.http;

import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;

/** The two listeners, open. {@link #stop()} lets requests that are being answered finish. */
public final class HttpServer {

    private static final String CONSOLE = "console";

    private final WebServer server;

    private HttpServer(WebServer server) {
        this.server = server;
    }

    /**
     * Opens both listeners.
     *
     * @throws CannotListenException when one of them cannot be opened
     */
    public static HttpServer start(Listener storefront, Listener console) {
        WebServer server = storefront
                .configure(WebServer.builder())
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .putSocket(CONSOLE, console.configure(ListenerConfig.builder()).build())
                .build()
                .start();
        if (!server.isRunning()) {
            // The library logs why, and goes on.
            throw new CannotListenException();
        }
        return new HttpServer(server);
    }

    /** The port of the storefront listener. */
    public int storefrontPort() {
        return server.port();
    }

    /** The port of the console listener. */
    public int consolePort() {
        return server.port(CONSOLE);
    }

    /** Closes the listeners: no new request, and those being answered finish within the grace period. */
    public void stop() {
        server.stop();
    }
}
