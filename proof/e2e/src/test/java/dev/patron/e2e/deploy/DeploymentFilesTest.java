package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.e2e.Root;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Option;
import dev.patron.server.options.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The deployment files agree with the server, with each other, and with what they promise. */
class DeploymentFilesTest {

    private static final Path DEPLOY = Root.PATH.resolve("deploy");
    private static final Path DOCUMENT = Root.PATH.resolve("docs/deployment.md");
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern VARIABLE = Pattern.compile("\\bPATRON_[A-Z_]+\\b");
    private static final Pattern SETTING = Pattern.compile("(?m)^ *(patron\\.[a-z.-]+)=");

    @Test
    void everyVariableAndSetting_isAnOption() throws IOException {
        Set<String> variables = Stream.concat(names(), Stream.of(Options.FILE_VARIABLE))
                .map(name -> name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<String> settings = names().collect(Collectors.toSet());

        Set<String> named = new TreeSet<>();
        Set<String> set = new TreeSet<>();
        for (Path file : files()) {
            String text = Files.readString(file);
            VARIABLE.matcher(text).results().map(MatchResult::group).forEach(named::add);
            SETTING.matcher(text).results().map(match -> match.group(1)).forEach(set::add);
        }

        assertThat(named).contains("PATRON_DATABASE_URL", "PATRON_TRUSTED_PROXIES");
        assertThat(set).contains("patron.master-key");
        assertThat(variables).containsAll(named);
        assertThat(settings).containsAll(set);
    }

    @Test
    void composeServices_areConfined() throws IOException {
        JsonNode compose = yaml("compose.yaml").getFirst();

        assertThat(compose.get("services").properties()).hasSize(5).allSatisfy(entry -> {
            JsonNode service = entry.getValue();
            assertThat(service.get("user").asString()).as(entry.getKey()).matches("[1-9][0-9]*:[1-9][0-9]*");
            assertThat(service.get("read_only").asBoolean()).as(entry.getKey()).isTrue();
            assertThat(service.get("cap_drop").toString()).isEqualTo("[\"ALL\"]");
            assertThat(service.get("security_opt").toString()).isEqualTo("[\"no-new-privileges:true\"]");
            assertThat(service.has("healthcheck") || service.has("build"))
                    .as("health of " + entry.getKey() + ", here or in the image")
                    .isTrue();
        });
        assertThat(compose.get("services").properties().stream()
                        .filter(entry -> !entry.getKey().equals("nginx"))
                        .flatMap(entry -> entry.getValue().path("ports").valueStream())
                        .map(JsonNode::asString))
                .hasSize(2)
                .allMatch(port -> port.startsWith("127.0.0.1:") && port.endsWith(":" + consolePort()));
        assertThat(Files.readString(Root.PATH.resolve(".gitignore"))).contains("/deploy/secrets/", "/deploy/tls/");
    }

    @Test
    void composeNodes_trustTheProxyAndNobodyElse() throws IOException {
        JsonNode services = yaml("compose.yaml").getFirst().get("services");
        String proxy = services.at("/nginx/networks/front/ipv4_address").asString();

        for (String node : List.of("patron-1", "patron-2")) {
            assertThat(services.at("/" + node + "/environment/PATRON_TRUSTED_PROXIES")
                            .asString())
                    .isEqualTo(proxy)
                    .matches("[0-9.]+");
            assertThat(text("nginx.conf")).contains("server " + node + ":" + storefrontPort() + " ");
            assertThat(text("Caddyfile")).contains(" " + node + ":" + storefrontPort() + " ");
        }
    }

    @Test
    void pods_keepTheRestrictedProfile() throws IOException {
        JsonNode pod = deployment().at("/spec/template/spec");
        JsonNode container = pod.get("containers").get(0);

        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        assertThat(pod.get("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.get("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.get("containers").size()).isEqualTo(1);
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop").toString())
                .isEqualTo("[\"ALL\"]");
        assertThat(deployment().at("/spec/replicas").asInt()).isGreaterThan(1);
    }

    @Test
    void theImagesUser_isTheOneOfComposeAndOfPods() throws IOException {
        String user = found("Dockerfile", "(?m)^USER (\\d+:\\d+)$");
        JsonNode context = deployment().at("/spec/template/spec/securityContext");

        assertThat(user).doesNotStartWith("0");
        assertThat(yaml("compose.yaml").getFirst().at("/services/patron-1/user").asString())
                .isEqualTo(user);
        assertThat(context.get("runAsUser").asString() + ":"
                        + context.get("runAsGroup").asString())
                .isEqualTo(user);
        assertThat(text("Dockerfile")).contains("--chown=" + user + " /data /data");
    }

    @Test
    void ports_agreeWithTheServers() throws IOException {
        JsonNode template = deployment().at("/spec/template");
        JsonNode container = template.at("/spec/containers/0");

        assertThat(found("Dockerfile", "(?m)^EXPOSE (.*)$")).isEqualTo(storefrontPort() + " " + consolePort());
        assertThat(text("Dockerfile")).contains("/dev/tcp/127.0.0.1/" + consolePort() + " ");
        assertThat(container.get("ports").valueStream().map(JsonNode::toString))
                .containsExactly(
                        "{\"name\":\"storefront\",\"containerPort\":" + storefrontPort() + "}",
                        "{\"name\":\"console\",\"containerPort\":" + consolePort() + "}");
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(container.at("/" + probe + "/httpGet/port").asString()).isEqualTo("console");
        }
        assertThat(container.at("/readinessProbe/httpGet/path").asString()).isEqualTo("/health/ready");
        assertThat(container.at("/livenessProbe/httpGet/path").asString()).isEqualTo("/health/live");
        assertThat(template.at("/metadata/annotations")
                        .get("prometheus.io/port")
                        .asString())
                .isEqualTo("" + consolePort());
        assertThat(found("Caddyfile", "health_port (\\d+)")).isEqualTo("" + consolePort());
    }

    @Test
    void whoeverStopsAServer_waitsLongerThanItTakes() throws IOException {
        long grace = Duration.parse("PT" + Options.SHUTDOWN_GRACE.defaultText()).toSeconds();

        assertThat(Long.parseLong(found("patron.service", "(?m)^TimeoutStopSec=(\\d+)$")))
                .isGreaterThan(grace);
        assertThat(yaml("compose.yaml")
                        .getFirst()
                        .at("/services/patron-1/stop_grace_period")
                        .asString())
                .satisfies(period ->
                        assertThat(Duration.parse("PT" + period).toSeconds()).isGreaterThan(grace));
        JsonNode pod = deployment().at("/spec/template/spec");
        long pause = pod.at("/containers/0/lifecycle/preStop/exec/command/1").asLong();
        assertThat(pause).isPositive();
        assertThat(pod.get("terminationGracePeriodSeconds").asLong()).isGreaterThan(pause + grace);
    }

    @Test
    void manifests_speakOfTheSamePods() throws IOException {
        List<JsonNode> manifests = new ArrayList<>();
        for (JsonNode name : yaml("kubernetes/kustomization.yaml").getFirst().get("resources")) {
            manifests.addAll(yaml("kubernetes/" + name.asString()));
        }

        String labels = deployment().at("/spec/template/metadata/labels").toString();
        assertThat(manifests.stream()
                        .flatMap(manifest -> Stream.of(
                                        "/spec/selector/matchLabels", "/spec/podSelector/matchLabels", "/spec/selector")
                                .map(manifest::at)
                                .filter(node -> node.isObject() && !node.has("matchLabels"))
                                .limit(1))
                        .map(JsonNode::toString))
                .as("Deployment, two Services, PodDisruptionBudget, NetworkPolicy")
                .hasSize(5)
                .containsOnly(labels);
    }

    @Test
    void kustomize_buildsTheManifests() {
        Path kubectl = Program.require("kubectl", "on Debian, as root: apt-get install kubernetes-client");

        String built = Program.run(List.of(
                kubectl.toString(), "kustomize", DEPLOY.resolve("kubernetes").toString()));

        assertThat(built).contains("kind: Deployment", "image: registry.example/patron:0.1.0", "namespace: patron");
    }

    @Test
    void exampleSecret_isRefusedUntilItsPlaceholdersAreReplaced(@TempDir Path folder) throws IOException {
        String example = yaml("kubernetes/secret.example.yaml")
                .getFirst()
                .at("/stringData/patron.properties")
                .asString();
        Path file = folder.resolve("patron.properties");
        Files.writeString(
                file, example.replace("patron.master-key=REPLACE-ME", "patron.master-key=" + "5c".repeat(32)));
        assertThat(load(file).get(Options.DATABASE_PASSWORD)).isEqualTo("REPLACE-ME");

        Files.writeString(file, example);

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> load(file))
                .withMessageContaining("patron.master-key")
                .withMessageNotContaining("REPLACE-ME");
    }

    @Test
    void madeSecrets_areTheOnesThatComposeNames_andEachMakesOthers(@TempDir Path folder) throws IOException {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        for (Path made : List.of(one, other)) {
            Program.run(List.of("sh", DEPLOY.resolve("make-secrets").toString(), made.toString()));
        }

        for (Map.Entry<String, JsonNode> secret :
                yaml("compose.yaml").getFirst().get("secrets").properties()) {
            String file = secret.getValue().get("file").asString();
            assertThat(file).isEqualTo("./secrets/" + secret.getKey());
            assertThat(one.resolve(secret.getKey()))
                    .isNotEmptyFile()
                    .satisfies(path -> assertThat(Files.readString(path))
                            .isNotEqualTo(Files.readString(other.resolve(secret.getKey()))));
        }
        Path properties = one.resolve("patron.properties");
        assertThat(load(properties).get(Options.DATABASE_PASSWORD))
                .isEqualTo(Files.readString(one.resolve("database-password")));
        assertThat(Files.getPosixFilePermissions(one)).hasSize(3);

        String key = Files.readString(properties);
        Program.Result again =
                Program.tried(List.of("sh", DEPLOY.resolve("make-secrets").toString(), one.toString()));
        assertThat(again.status()).as(again.output()).isEqualTo(1);
        assertThat(Files.readString(properties)).isEqualTo(key);
    }

    @Test
    void systemd_takesTheUnit_andFindsItConfined(@TempDir Path folder) throws IOException {
        Path analyze = Program.require("systemd-analyze", "on Debian, as root: apt-get install systemd");
        Path unit = folder.resolve("patron.service");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(text("patron.service")).contains("/opt/patron/runtime/bin/java");
        Files.writeString(unit, text("patron.service").replace("/opt/patron/runtime/bin/java", java));

        String verified = Program.run(List.of(analyze.toString(), "verify", unit.toString()));
        assertThat(verified.lines().filter(line -> line.contains("patron.service")))
                .isEmpty();

        Program.Result exposed = Program.tried(List.of(
                analyze.toString(), "security", "--no-pager", "--offline=yes", "--threshold=15", unit.toString()));
        assertThat(exposed.status()).as(exposed.output()).isZero();
    }

    @Test
    void whatTheImageIsBuiltFrom_isLetIntoTheBuild() throws IOException {
        List<String> lines = Files.readAllLines(Root.PATH.resolve(".dockerignore"));
        assertThat(lines).contains("*");
        for (String line : lines) {
            if (line.startsWith("!") && !line.contains("*")) {
                assertThat(Root.PATH.resolve(line.substring(1))).exists();
            }
        }
        for (String needed : List.of("deploy/jvm.options", "deploy/patron", "deploy/link-runtime")) {
            assertThat(text("Dockerfile")).contains(needed);
            assertThat(lines).contains("!" + needed);
        }
        for (String served : List.of("openapi.yaml", "patron.js", "patron.mjs")) {
            assertThat(lines).anyMatch(line -> line.endsWith("/" + served));
        }
    }

    private static Stream<String> names() {
        return Options.ALL.stream().map(Option::name);
    }

    private static Options load(Path file) {
        return Options.load(Map.of(Options.FILE_VARIABLE, file.toString()));
    }

    private static int storefrontPort() {
        return Integer.parseInt(Options.STOREFRONT_PORT.defaultText());
    }

    private static int consolePort() {
        return Integer.parseInt(Options.CONSOLE_PORT.defaultText());
    }

    private static JsonNode deployment() throws IOException {
        return yaml("kubernetes/deployment.yaml").getFirst();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            List<Path> all = new ArrayList<>(files.filter(Files::isRegularFile)
                    .filter(file -> !DEPLOY.relativize(file).startsWith("secrets")
                            && !DEPLOY.relativize(file).startsWith("tls"))
                    .toList());
            all.add(DOCUMENT);
            return all;
        }
    }

    private static String text(String file) throws IOException {
        return Files.readString(DEPLOY.resolve(file));
    }

    private static String found(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(text(file))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no " + pattern));
    }

    /** The documents of a file. */
    private static List<JsonNode> yaml(String file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Iterable<Object> documents = new Yaml(new SafeConstructor(options)).loadAll(text(file));
        return StreamSupport.stream(documents.spliterator(), false)
                .<JsonNode>map(JSON::valueToTree)
                .toList();
    }
}
