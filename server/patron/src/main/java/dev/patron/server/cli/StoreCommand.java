package dev.patron.server.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./patron store …}. */
@Command(name = "store", description = "Makes and lists stores.", mixinStandardHelpOptions = true)
final class StoreCommand implements Runnable {

    private static final String PATH = "/api/v1/stores";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: create or list.");
    }

    @Command(name = "create", description = "Makes a store.", mixinStandardHelpOptions = true)
    void create(
            @Parameters(paramLabel = "STORE_HASH", description = "5 to 32 of a-z and 0-9") String hash,
            @Option(names = "--name", required = true, description = "what customers see") String name,
            @Option(
                            names = "--host",
                            required = true,
                            arity = "1..*",
                            description = "host name without port, for example shop.example")
                    List<String> hosts,
            @Option(names = "--http", description = "browsers reach the store by http, not https; for development only")
                    boolean http,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("store_hash", hash);
        body.put("name", name);
        body.put("https", !http);
        body.put("hosts", hosts);
        String answer = PatronCommand.client().post(PATH, body);
        Answers.print(spec, answer, json, (out, _) -> out.println("Made the store " + hash + "."));
    }

    @Command(name = "list", description = "Lists the stores.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--json", description = "print JSON") boolean json) {
        Answers.printList(
                spec,
                PatronCommand.client().getAll(PATH, "stores"),
                json,
                "stores",
                "No stores yet. Make one: patron store create STORE_HASH --name NAME --host HOST",
                (out, store) -> {
                    out.printf("%-12s  %s%n", store.get("store_hash"), store.get("name"));
                    boolean https = Boolean.TRUE.equals(store.get("https"));
                    for (String host : ConsoleClient.texts(store.get("hosts"))) {
                        out.printf("%-12s  %s://%s%n", "", https ? "https" : "http", host);
                    }
                });
    }
}
