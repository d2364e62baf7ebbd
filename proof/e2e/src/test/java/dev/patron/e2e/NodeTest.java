package dev.patron.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.testkit.MutableClock;
import dev.patron.testkit.TestApp;
import dev.patron.testkit.Tokens;
import dev.patron.token.InvalidTokenException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Patron gives to people who write JavaScript: the portal's snippet for a server, and the package for the browser. */
@Timeout(120)
class NodeTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static final String TYPESCRIPT = "typescript@5.9.3";

    @TempDir
    private Path folder;

    @Test
    void portalsSnippet_acceptsAndRefusesAsTheVerifierDoes() throws IOException, InterruptedException {
        TestApp app = TestApp.random();
        Tokens tokens = new Tokens(app, "abc123", new MutableClock(NOW));
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put(tokens.valid(), "4927");
        expected.put(tokens.hs512(), "4927");
        for (Reason reason : Reason.values()) {
            expected.put(tokens.refusedFor(reason), reason.id());
        }
        Files.writeString(
                folder.resolve("verify.mjs"),
                Files.readString(
                                Root.PATH.resolve(
                                        "server/patron/src/main/resources/dev/patron/server/developers/snippets/verify.mjs.txt"))
                        .replace("{client_id}", app.clientId())
                        .replace("{store_hash}", "abc123"));
        Files.writeString(folder.resolve("try.mjs"), """
                import { readFileSync } from 'node:fs';
                import { currentCustomer } from './verify.mjs';
                const outcomes = JSON.parse(readFileSync('tokens.json')).map(token => {
                  try {
                    return String(currentCustomer(token, Number(process.env.NOW)).id);
                  } catch (refused) {
                    return refused.message;
                  }
                });
                console.log(JSON.stringify(outcomes));
                """);
        JsonMapper json = new JsonMapper();
        Files.writeString(folder.resolve("tokens.json"), json.writeValueAsString(expected.keySet()));

        String output = run(
                Map.of("CLIENT_SECRET", app.clientSecret(), "NOW", Long.toString(NOW.getEpochSecond())),
                "node",
                "try.mjs");

        List<String> outcomes = new ArrayList<>();
        json.readTree(output).forEach(outcome -> outcomes.add(outcome.asString()));
        assertThat(outcomes).containsExactlyElementsOf(expected.values());
    }

    @Test
    void package_hasWhatItShould_andLoadsAsAModule() throws IOException, InterruptedException {
        for (String file : List.of("package.json", "patron.js", "patron.mjs", "patron.d.ts", "README.md")) {
            Files.copy(Root.PATH.resolve("apps/browser").resolve(file), folder.resolve(file));
        }

        JsonNode packed = new JsonMapper()
                .readTree(run(Map.of(), "npm", "pack", "--json"))
                .path(0);
        List<String> files = new ArrayList<>();
        packed.path("files").forEach(file -> files.add(file.path("path").asString()));
        assertThat(files)
                .containsExactlyInAnyOrder("README.md", "package.json", "patron.d.ts", "patron.js", "patron.mjs");

        Path app = Files.createDirectories(folder.resolve("app/node_modules/patron-browser"));
        run(Map.of(), "tar", "-xzf", packed.path("filename").asString(), "--strip-components=1", "-C", app.toString());
        Files.writeString(
                folder.resolve("app/use.mjs"),
                "import { currentCustomer, send, forget, PatronError } from 'patron-browser';"
                        + " console.log([currentCustomer, send, forget, PatronError].map(each => typeof each).join());");
        assertThat(run(Map.of(), "node", "app/use.mjs").strip()).isEqualTo("function,function,function,function");
    }

    @Test
    void types_areWhatTheScriptHas() throws IOException, InterruptedException {
        for (String file : List.of("package.json", "patron.js", "patron.mjs", "patron.d.ts")) {
            Files.copy(Root.PATH.resolve("apps/browser").resolve(file), folder.resolve(file));
        }
        run(Map.of(), "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--no-save", TYPESCRIPT);
        String use = """
                import { currentCustomer, send, forget, PatronError } from 'patron-browser';
                export async function points(clientId: string): Promise<number | null> {
                  try {
                    const token: string | undefined = (await currentCustomer({ clientId }))?.token;
                    const answer: Response | null = await send('/points', { clientId, headers: { Accept: 'text/html' } });
                    return token ? (answer?.status ?? null) : null;
                  } catch (error) {
                    if (error instanceof PatronError) { return error.retryAfter ?? error.status; }
                    forget();
                    throw error;
                  }
                }
                export const global: boolean = Patron.send === send;
                """;
        Files.writeString(folder.resolve("use.ts"), use);
        List<String> compiler = List.of(
                "node_modules/.bin/tsc",
                "--noEmit",
                "--strict",
                "--target",
                "es2022",
                "--lib",
                "es2022,dom",
                "--module",
                "nodenext",
                "--moduleResolution",
                "nodenext",
                "use.ts");
        run(Map.of(), compiler.toArray(String[]::new));

        Files.writeString(folder.resolve("use.ts"), use.replace("?.token;", "?.secret;"));
        assertThat(exit(Map.of(), compiler.toArray(String[]::new))).isNotZero();
    }

    private int exit(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().putAll(environment);
        return builder.start().waitFor();
    }

    private String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
        return output;
    }
}
