package dev.patron.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * The file of the database, which is made before the database opens it: readable and writable by its owner only, whatever the folder
 * is, since the stores' access tokens are in it.
 */
final class DatabaseFile implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Path file = Path.of(event.getEnvironment().getRequiredProperty("sample.data") + ".mv.db")
                .toAbsolutePath();
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
        } catch (FileAlreadyExistsException there) {
            restrict(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void restrict(Path file) {
        try {
            Files.setPosixFilePermissions(file, OWNER);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
