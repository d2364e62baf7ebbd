package dev.patron.spring;

import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The paths of {@code patron.paths}. Thread-safe. */
final class CustomerPaths {

    private final List<PathPattern> patterns;

    /**
     * Reads the patterns.
     *
     * @throws org.springframework.web.util.pattern.PatternParseException when one is malformed
     */
    CustomerPaths(List<String> patterns) {
        this.patterns =
                patterns.stream().map(PathPatternParser.defaultInstance::parse).toList();
    }

    boolean contain(PathContainer pathWithinApplication) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(pathWithinApplication));
    }
}
