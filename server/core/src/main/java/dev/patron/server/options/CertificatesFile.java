package dev.patron.server.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** A file of certificates in PEM that an option names. */
final class CertificatesFile {

    private CertificatesFile() {}

    /** Its path, when there is at least one certificate in it and nothing that is none. */
    static Path parse(String text) {
        try {
            Path file = Path.of(text);
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new IllegalArgumentException("is no file that can be read");
            }
            try (InputStream in = Files.newInputStream(file)) {
                if (CertificateFactory.getInstance("X.509")
                        .generateCertificates(in)
                        .isEmpty()) {
                    throw new IllegalArgumentException("holds no certificate");
                }
            }
            return file;
        } catch (InvalidPathException | IOException unreadable) {
            throw new IllegalArgumentException("is no file that can be read");
        } catch (CertificateException other) {
            throw new IllegalArgumentException("holds something that is no certificate in PEM");
        }
    }
}
