package dev.patron.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README shows code that other tests run, and every property. */
class ReadmeTest {

    @ParameterizedTest
    @CsvSource({"controller, WebMvcTokenTest", "security, SecurityTest"})
    void blocks_areCodeOfTests(String tag, String test) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/patron/spring/" + test + ".java"), UTF_8);
        Matcher region = Pattern.compile("// tag::" + tag + "\\[]\\n(.*?)\\n *// end::" + tag + "\\[]", Pattern.DOTALL)
                .matcher(source);
        assertThat(region.find()).isTrue();
        assertThat(readme()).contains("```java\n" + region.group(1).stripIndent() + "\n```\n");
    }

    @Test
    void properties_areAllThere() throws IOException {
        Set<String> described = new TreeSet<>();
        Matcher row =
                Pattern.compile("^\\| `patron\\.([a-z.-]+)`", Pattern.MULTILINE).matcher(readme());
        while (row.find()) {
            described.add(row.group(1));
        }
        Set<String> known = new TreeSet<>();
        for (var component : PatronProperties.class.getRecordComponents()) {
            String name = kebab(component.getName());
            if (component.getType().isRecord()) {
                known.addAll(Arrays.stream(component.getType().getRecordComponents())
                        .map(inner -> name + "." + kebab(inner.getName()))
                        .collect(Collectors.toSet()));
            } else {
                known.add(name);
            }
        }

        assertThat(described).isEqualTo(known);
    }

    /** The developer portal shows this code, filled in with an app's id. */
    @Test
    void portalsSnippets_compile(@TempDir Path folder) throws IOException {
        Path snippets = Path.of("../../server/patron/src/main/resources/dev/patron/server/developers/snippets");
        List<String> arguments =
                new ArrayList<>(List.of("-Xlint:all,-processing", "-Werror", "-proc:none", "-d", folder.toString()));
        for (String file : List.of("PointsController.java", "Verifier.java")) {
            String name = file.equals("Verifier.java") ? "Customers.java" : file;
            Files.writeString(folder.resolve(name), Files.readString(snippets.resolve(file + ".txt"), UTF_8), UTF_8);
            arguments.add(folder.resolve(name).toString());
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        int status = ToolProvider.getSystemJavaCompiler().run(null, null, errors, arguments.toArray(String[]::new));

        assertThat(status).as(errors.toString(UTF_8)).isZero();
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"), UTF_8);
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
