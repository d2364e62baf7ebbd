package dev.patron.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README shows code that other tests run. */
class ReadmeTest {

    @ParameterizedTest
    @CsvSource({"test, PatronTestTest", "extension, PatronStorefrontTest"})
    void blocks_areCodeOfTests(String tag, String test) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/patron/testkit/" + test + ".java"), UTF_8);
        Matcher region = Pattern.compile("// tag::" + tag + "\\[]\\n(.*?)\\n *// end::" + tag + "\\[]", Pattern.DOTALL)
                .matcher(source);
        assertThat(region.find()).isTrue();

        assertThat(Files.readString(Path.of("README.md"), UTF_8))
                .contains("```java\n" + region.group(1).stripIndent() + "\n```\n");
    }
}
