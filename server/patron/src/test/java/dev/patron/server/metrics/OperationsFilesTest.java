package dev.patron.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard, the alerts and the document speak of metrics that there are. */
class OperationsFilesTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern NAME = Pattern.compile("\\b(?:patron|jvm)_[a-z_]+[a-z]\\b");

    @ParameterizedTest
    @ValueSource(strings = {"deploy/grafana-dashboard.json", "deploy/prometheus-alerts.yaml", "docs/operations.md"})
    void file_namesMetricsThatThereAre(String file) throws IOException {
        Set<String> known = known();
        assertThat(known).contains("patron_tokens_issued_total", "jvm_memory_used_bytes");

        Set<String> named = new TreeSet<>();
        Matcher names = NAME.matcher(Files.readString(ROOT.resolve(file)));
        while (names.find()) {
            named.add(names.group());
        }

        assertThat(named).hasSizeGreaterThan(3);
        assertThat(known).containsAll(named);
    }

    @Test
    void dashboard_isJson_whosePanelsAllAskForSomething() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(ROOT.resolve("deploy/grafana-dashboard.json")));

        assertThat(dashboard.get("panels"))
                .isNotEmpty()
                .allSatisfy(panel -> assertThat(panel.get("targets"))
                        .isNotEmpty()
                        .allSatisfy(target ->
                                assertThat(target.get("expr").asString()).contains("instance=~\"$instance\"")));
    }

    @Test
    void alerts_areYaml_andTheDocumentSaysWhatToDoAboutEach() throws IOException {
        Object alerts = new Yaml().load(Files.readString(ROOT.resolve("deploy/prometheus-alerts.yaml")));
        Set<String> named = Pattern.compile("alert=(\\w+)")
                .matcher(String.valueOf(alerts))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        List<String> explained = Files.readAllLines(ROOT.resolve("docs/operations.md")).stream()
                .filter(line -> line.startsWith("| `Patron"))
                .map(line -> line.split("`", -1)[1])
                .toList();
        assertThat(explained).hasSizeGreaterThan(3).containsExactlyInAnyOrderElementsOf(named);
    }

    private static Set<String> known() {
        try (TestServer server = TestServer.start()) {
            String cookie = server.signIn();
            server.call("GET", TestServer.CURRENT_JWT).with("Cookie", cookie).send();
            server.call("GET", TestServer.CURRENT_JWT).send();
            return server.operator("GET", "/api/v1/metrics")
                    .send()
                    .body()
                    .lines()
                    .flatMap(line -> line.startsWith("# TYPE ")
                            ? Stream.of(line.split(" ", -1)[2])
                            : Stream.of(line.split("[ {]", -1)[0]))
                    .collect(Collectors.toSet());
        }
    }
}
