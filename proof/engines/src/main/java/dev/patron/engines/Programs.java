package dev.patron.engines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, as they come from Maven Central. */
final class Programs {

    private Programs() {}

    /** Unpacks the programs for this machine. */
    static void unpack(Path folder) throws IOException {
        String archive = archive();
        try (InputStream packed = Programs.class.getResourceAsStream("/" + archive)) {
            if (packed == null) {
                throw new IllegalStateException("There is no PostgreSQL for this machine (" + archive
                        + "). Add its binaries to proof/engines/pom.xml.");
            }
            try (TarArchiveInputStream files = new TarArchiveInputStream(new XZInputStream(packed))) {
                for (TarArchiveEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                    write(folder, entry, files);
                }
            }
        }
    }

    private static void write(Path folder, TarArchiveEntry entry, InputStream content) throws IOException {
        Path file = folder.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Path parent = Objects.requireNonNull(file.getParent());
        Files.createDirectories(parent);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, file);
        if (parent.endsWith("bin")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm_64";
            case "amd64", "x86_64" -> "x86_64";
            default -> System.getProperty("os.arch");
        };
        return "postgres-" + system + "-" + machine + ".txz";
    }
}
