package dev.patron.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;

/** Whom programs run as that refuse to run as root: nobody, when root has started this process; else whoever has. */
final class OrdinaryUser {

    private static final boolean NEEDED = "root".equals(System.getProperty("user.name"));
    private static final String NAME = "nobody";

    private OrdinaryUser() {}

    /** What comes before a command. */
    static List<String> prefix() {
        return NEEDED ? List.of("setpriv", "--reuid=" + NAME, "--clear-groups") : List.of();
    }

    /** Lets that user have a folder and everything in it. */
    static void give(Path folder) {
        if (!NEEDED) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            UserPrincipal user =
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setOwner(file, user);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
