package dev.patron.server.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/** The data folder and the secret files in it, readable by their owner only. */
public final class DataFolder {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private DataFolder() {}

    /**
     * Makes the folder (mode 0700) when it does not exist.
     *
     * @throws UncheckedIOException when it cannot be made
     */
    public static Path open(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, permissions("rwx------"));
            }
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Reads a secret file, or makes it (mode 0600) with a new secret. The file is complete or absent, whenever the
     * process is killed.
     *
     * @throws UncheckedIOException when it can be neither read nor made
     */
    public static String secret(Path file, Supplier<String> newSecret) {
        try {
            if (!Files.exists(file)) {
                make(file, newSecret.get());
            }
            restrict(file);
            return Files.readString(file).strip();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Writes a secret file (mode 0600), over one that may be there. The file is the old or the new one, whenever the
     * process is killed.
     *
     * @throws UncheckedIOException when it cannot be written
     */
    public static void replaceSecret(Path file, String secret) {
        try {
            Files.move(draft(file, secret), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Makes an empty file (mode 0600).
     *
     * @throws FileAlreadyExistsException when there is one
     */
    public static void create(Path file) throws IOException {
        Files.createFile(file, permissions("rw-------"));
    }

    /**
     * Gives a written file its name, once its content is on disk.
     *
     * @throws FileAlreadyExistsException when there is a file of that name
     */
    public static void keep(Path written, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Makes sure that a file which another program or library writes is readable and writable by its owner only, from its first
     * byte on: an empty one is made where there is none.
     *
     * @throws UncheckedIOException when it can be neither made nor restricted
     */
    public static void reserve(Path file) {
        try {
            create(file);
        } catch (FileAlreadyExistsException there) {
            restrict(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Makes a file readable and writable by its owner only, where the system knows such a thing. */
    static void restrict(Path file) {
        if (POSIX) {
            try {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private static Path draft(Path file, String secret) throws IOException {
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), file.getFileName().toString(), ".new", permissions("rw-------"));
        Files.writeString(draft, secret + "\n", StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return draft;
    }

    private static void make(Path file, String secret) throws IOException {
        Path draft = draft(file, secret);
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException madeMeanwhile) {
            // Another process made it first: its secret counts.
        } catch (UnsupportedOperationException noLinks) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Files.delete(draft);
    }

    private static FileAttribute<?>[] permissions(String posix) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))}
                : new FileAttribute<?>[0];
    }
}
