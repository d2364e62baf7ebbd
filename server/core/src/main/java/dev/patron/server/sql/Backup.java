package dev.patron.server.sql;

import dev.patron.server.options.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Puts a copy of the embedded database, as {@link Database#backUp} writes one, into a data folder. */
public final class Backup {

    /** Why a copy was not put there. Nothing was changed. */
    public static final class NotRestoredException extends Exception {

        private static final long serialVersionUID = 1L;

        NotRestoredException(String message) {
            super(message);
        }
    }

    private static final String FILE = "patron.mv.db";

    private final Path folder;

    /** For the data folder that the options name. */
    public Backup(Options options) {
        this.folder = DataFolder.open(options.get(Options.DATA));
    }

    /**
     * Restores a copy, after it was opened, found in order and prepared. What was there before is put aside.
     *
     * @param replace whether there may be a database already
     * @param prepare is given a folder with the copy in it, and throws what is wrong with it
     * @return where the database is that was there before
     * @throws NotRestoredException when the file is no copy, a server has the database open, or there is one already
     */
    public Optional<Path> restore(Path file, boolean replace, Consumer<Path> prepare)
            throws NotRestoredException, IOException {
        Path database = folder.resolve(FILE);
        if (Files.exists(database)) {
            if (!replace) {
                throw new NotRestoredException("There is a database in " + folder
                        + " already. Name another folder with PATRON_DATA, or put it aside with --replace.");
            }
            requireClosed(database);
        }
        Path draft = Files.createTempDirectory(folder, "restore-");
        try {
            unpack(file, draft.resolve(FILE));
            prepare.accept(draft);
            Optional<Path> before = Files.exists(database) ? Optional.of(aside(database)) : Optional.empty();
            DataFolder.keep(draft.resolve(FILE), database);
            return before;
        } finally {
            // With what its preparation may have left beside it.
            try (var files = Files.list(draft)) {
                for (Path left : (Iterable<Path>) files::iterator) {
                    Files.delete(left);
                }
            }
            Files.delete(draft);
        }
    }

    private static void unpack(Path file, Path database) throws NotRestoredException, IOException {
        DataFolder.create(database);
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            ZipEntry entry = zip.getNextEntry();
            if (entry == null || !entry.getName().equals(FILE)) {
                throw new NotRestoredException(
                        "The file is no backup of Patron: it is not a zip file with " + FILE + ".");
            }
            Files.copy(zip, database, StandardCopyOption.REPLACE_EXISTING);
            DataFolder.restrict(database);
        } catch (ZipException damaged) {
            throw new NotRestoredException("The file is damaged. Take another backup.");
        }
    }

    private void requireClosed(Path database) throws NotRestoredException, IOException {
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw inUse();
            }
        } catch (OverlappingFileLockException sameProcess) {
            throw inUse();
        }
    }

    private NotRestoredException inUse() {
        return new NotRestoredException("A server has the database in " + folder + " open. Stop it first.");
    }

    private Path aside(Path database) throws IOException {
        int number = 1;
        while (Files.exists(folder.resolve(FILE + ".before-" + number))) {
            number++;
        }
        DataFolder.restrict(database);
        return Files.move(database, folder.resolve(FILE + ".before-" + number), StandardCopyOption.ATOMIC_MOVE);
    }
}
