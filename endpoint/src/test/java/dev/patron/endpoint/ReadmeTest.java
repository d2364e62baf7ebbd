package dev.patron.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README shows code that other tests run. */
class ReadmeTest {

    @Test
    void block_isCodeOfATest() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/patron/endpoint/MemoryStorefront.java"), UTF_8);
        Matcher region = Pattern.compile("// tag::storefront\\[]\n(.*?)\n *// end::storefront\\[]", Pattern.DOTALL)
                .matcher(source);
        assertThat(region.find()).isTrue();

        assertThat(Files.readString(Path.of("README.md"), UTF_8))
                .contains("```java\n" + region.group(1).stripIndent() + "\n}\n```\n");
    }
}
