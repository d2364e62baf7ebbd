package dev.patron.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents point to is there. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @Test
    void everyLinkToAFile_leadsToOne() throws IOException {
        int followed = 0;
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            for (String link : links(document)) {
                URI target = URI.create(link);
                if (target.getScheme() == null
                        && target.getPath() != null
                        && !target.getPath().isEmpty()) {
                    followed++;
                    if (!Files.exists(document.resolveSibling(target.getPath()))) {
                        dead.add(Root.PATH.relativize(document) + ": " + link);
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(followed).isGreaterThan(10);
    }

    private static List<String> links(Path document) throws IOException {
        return LINK.matcher(Files.readString(document))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
    }

    /** The documents of the root, of each module and of docs. */
    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.find(
                Root.PATH,
                4,
                (path, _) -> path.toString().endsWith(".md") && !path.toString().contains("/target/"))) {
            return files.toList();
        }
    }
}
