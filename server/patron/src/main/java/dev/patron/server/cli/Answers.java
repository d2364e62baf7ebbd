package dev.patron.server.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;

/** Prints what the console answered: as it is, for scripts, or in words, for people. */
final class Answers {

    private Answers() {}

    /** An answer about one thing. */
    static void print(
            CommandSpec spec, String answer, boolean json, BiConsumer<PrintWriter, Map<String, Object>> words) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer);
        } else {
            words.accept(out, ConsoleClient.read(answer));
        }
        out.flush();
    }

    /**
     * An answer that lists things, or the first part of them.
     *
     * @param member which of the answer's members is the list
     * @param none what to say when there is nothing in it
     * @param row prints one of them
     */
    static void printList(
            CommandSpec spec,
            String answer,
            boolean json,
            String member,
            String none,
            BiConsumer<PrintWriter, Map<String, Object>> row) {
        print(spec, answer, json, (out, all) -> {
            List<Map<String, Object>> things = ConsoleClient.objects(all.get(member));
            if (things.isEmpty()) {
                out.println(none);
            }
            things.forEach(thing -> row.accept(out, thing));
            if (all.get("next") instanceof String next) {
                out.println("There are more: --after " + next);
            }
        });
    }
}
