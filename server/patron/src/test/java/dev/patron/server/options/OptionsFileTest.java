package dev.patron.server.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/patron.properties} says what {@link Options#ALL} says. After a change, this writes it anew: {@code mvn -pl
 * server -am test -Dtest=OptionsFileTest -Dsurefire.failIfNoSpecifiedTests=false -Dpatron.docs=write}.
 */
class OptionsFileTest {

    private static final Path FILE = Path.of("../../docs/patron.properties");
    private static final int WIDTH = 118;

    @Test
    void file_listsEveryOptionAsItIs() throws IOException {
        String wanted = generate();
        if ("write".equals(System.getProperty("patron.docs"))) {
            Files.writeString(FILE, wanted);
        }

        assertThat(FILE)
                .as("docs/patron.properties is not what the options say. Write it anew: mvn -pl server/patron -am test"
                        + " -Dtest=OptionsFileTest -Dsurefire.failIfNoSpecifiedTests=false -Dpatron.docs=write")
                .hasContent(wanted);
    }

    @Test
    void file_asItIs_changesNothing() throws IOException {
        assertThat(read(generate())).isEmpty();
    }

    @Test
    void file_uncommented_isTheDefaults() throws IOException {
        Properties uncommented = read(generate().replaceAll("(?m)^#(patron\\.)", "$1"));

        assertThat(uncommented).hasSameSizeAs(Options.ALL);
        Options options = Options.of(uncommented, Map.of());
        Options defaults = Options.of(new Properties(), Map.of());
        assertThat(Options.ALL)
                .allSatisfy(option -> assertThat((Object) options.get(option)).isEqualTo(defaults.get(option)));
    }

    private static Properties read(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }

    private static String generate() {
        List<String> lines = new ArrayList<>(
                List.of(
                        "# Every option of Patron, with its default. Copy this file to where the server starts, as patron.properties, or",
                        "# name its place in the environment variable " + Options.FILE_VARIABLE
                                + ", and take the # before an option away to set it.",
                        "# The environment variable named with an option beats the file. A wrong value or a misspelt name stops the start."));
        String group = "";
        for (Option<?> option : Options.ALL) {
            String itsGroup = option.name().split("\\.", -1)[1];
            lines.add("");
            if (!itsGroup.equals(group)) {
                group = itsGroup;
                lines.add("# ---- " + group + " " + "-".repeat(60 - group.length()));
                lines.add("");
            }
            lines.addAll(wrap(option.purpose()));
            lines.addAll(wrap("Allowed: " + option.allowed() + "."));
            lines.add("# Environment: " + option.environmentVariable());
            lines.add("#" + option.name() + "=" + option.defaultText());
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("#");
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
