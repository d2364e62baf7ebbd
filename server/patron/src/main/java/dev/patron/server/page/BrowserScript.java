package dev.patron.server.page;

import dev.patron.server.http.Handler;
import dev.patron.server.http.Routes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * {@code patron.js}, which pages load to ask for tokens: under its plain name, where it may change, and under a name with its
 * fingerprint, where it never does.
 */
public final class BrowserScript {

    /** The classic script. */
    public static final String PATH = "/patron.js";

    /** The module. It loads the classic script, so that both know the same tokens. */
    public static final String MODULE_PATH = "/patron.mjs";

    /** What the store's own pages load to say that somebody may have signed in or out. */
    static final String CHANGED_PATH = "/patron/visitor-changed.js";

    private static final byte[] CONTENT = StaticFiles.read(BrowserScript.class, "patron.js");
    private static final int FINGERPRINT_BYTES = 6;
    private static final String CHANGED = "new BroadcastChannel('patron').postMessage('forget');\n";

    private BrowserScript() {}

    /** Where the script lies that never changes. */
    public static String versionedPath() {
        return "/patron-" + HexFormat.of().formatHex(digest("SHA-256"), 0, FINGERPRINT_BYTES) + ".js";
    }

    /** What the {@code integrity} attribute says of it (W3C Subresource Integrity). */
    public static String integrity() {
        return "sha384-" + Base64.getEncoder().encodeToString(digest("SHA-384"));
    }

    static void addTo(Routes routes) {
        Handler script = StaticFiles.of(BrowserScript.class, "patron.js");
        routes.on("GET", PATH, script)
                .on("GET", MODULE_PATH, StaticFiles.of(BrowserScript.class, "patron.mjs"))
                .on("GET", CHANGED_PATH, StaticFiles.of(CHANGED.getBytes(StandardCharsets.UTF_8), StaticFiles.SCRIPT))
                .on("GET", versionedPath(), StaticFiles.forever(CONTENT, StaticFiles.SCRIPT));
    }

    private static byte[] digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(CONTENT);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
