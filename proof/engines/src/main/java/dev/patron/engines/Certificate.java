package dev.patron.engines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost that nobody else trusts: its files as proxies read them, and trust in it for clients. */
public record Certificate(Path chain, Path key, SSLContext trust) {

    private static final String ALIAS = "localhost";
    private static final String PASSWORD = "not-a-secret";

    /** Makes one with the JDK's own tool, in files of a folder. */
    public static Certificate create(Path folder) {
        Path store = folder.resolve("store.p12");
        try {
            keytool(store);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream file = Files.newInputStream(store)) {
                keys.load(file, PASSWORD.toCharArray());
            }
            Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(keys);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return new Certificate(
                    pem(
                            folder.resolve("fullchain.pem"),
                            "CERTIFICATE",
                            keys.getCertificate(ALIAS).getEncoded()),
                    pem(folder.resolve("privkey.pem"), "PRIVATE KEY", key.getEncoded()),
                    context);
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException("No certificate could be made", failed);
        }
    }

    private static Path pem(Path file, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }

    private static void keytool(Path store) {
        // A trusted entry of the same certificate is what makes clients trust it.
        Path exported = store.resolveSibling("certificate.der");
        run(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-keystore",
                store.toString());
        run("-exportcert", "-alias", ALIAS, "-file", exported.toString(), "-keystore", store.toString());
        run(
                "-importcert",
                "-noprompt",
                "-alias",
                "trusted",
                "-file",
                exported.toString(),
                "-keystore",
                store.toString());
    }

    private static void run(String... arguments) {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(1, List.of(arguments));
        ServerProcess.run(command);
    }
}
