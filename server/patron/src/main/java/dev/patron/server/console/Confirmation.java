package dev.patron.server.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question on a page of its own, asked before something is done that cannot be undone, or that gives somebody power. The form
 * that wants it done is answered with this page until it says {@code confirmed}; the page works without JavaScript, and nothing of
 * it is in an address. Immutable.
 *
 * @param words what is asked, and by which words it is answered
 * @param facts what it is about, by label: the app, its owner, the store
 * @param consequences what follows, in sentences
 * @param fields what the form sends again
 * @param proof what has to be typed besides, if anything
 */
public record Confirmation(
        Words words,
        Map<String, String> facts,
        List<String> consequences,
        Map<String, String> fields,
        Optional<Proof> proof) {

    private static final String FIELD = "confirmed";

    /** Keeps the order in which things were said. */
    public Confirmation {
        facts = new LinkedHashMap<>(facts);
        consequences = List.copyOf(consequences);
        fields = new LinkedHashMap<>(fields);
    }

    /**
     * What is asked.
     *
     * @param power whether the answer gives somebody power, rather than ends something
     * @param question with a name in it that is isolated, see {@code VisibleText}
     * @param button what the button says
     * @param back where somebody goes who does not want it
     */
    public record Words(boolean power, String question, String button, String back) {}

    /**
     * A field for what has to be typed: a password, or the name of what is to go.
     *
     * @param value what was typed; never shown for a password
     * @param fault what is wrong with it, or null
     */
    public record Proof(
            String name,
            String label,
            boolean password,
            String value,
            @Nullable String fault) {
        @Override
        public String toString() {
            return "Proof[" + name + "]";
        }
    }

    /** A question about what cannot be undone. */
    public static Confirmation irreversible(String question, String button, String back) {
        return new Confirmation(
                new Words(false, question, button, back), Map.of(), List.of(), Map.of(), Optional.empty());
    }

    /** A question about what gives somebody power. */
    public static Confirmation power(String question, String button, String back) {
        return new Confirmation(
                new Words(true, question, button, back), Map.of(), List.of(), Map.of(), Optional.empty());
    }

    /** Whether the form of a request has been confirmed. */
    public static boolean isGiven(ConsoleRequest request) {
        return request.field(FIELD).equals("yes");
    }

    /** The same, naming something else that it is about. */
    public Confirmation about(String label, String value) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(label, value);
        return new Confirmation(words, more, consequences, fields, proof);
    }

    /** The same, saying something else that follows. */
    public Confirmation follows(String consequence) {
        List<String> more = new ArrayList<>(consequences);
        more.add(consequence);
        return new Confirmation(words, facts, more, fields, proof);
    }

    /** The same, with fields of the request's form that it sends again. */
    public Confirmation repeating(ConsoleRequest request, String... names) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        for (String name : names) {
            more.put(name, request.field(name));
        }
        return new Confirmation(words, facts, consequences, more, proof);
    }

    /** The same, asking for something to be typed. */
    public Confirmation proof(Proof wanted) {
        return new Confirmation(words, facts, consequences, fields, Optional.of(wanted));
    }

    /** The same, asking for the member's password. */
    public Confirmation password(String name, @Nullable String fault) {
        return proof(new Proof(name, "Your password", true, "", fault));
    }

    /** What is wrong, by form field. */
    public Map<String, String> faults() {
        return proof.filter(wanted -> wanted.fault() != null)
                .map(wanted -> Map.of(wanted.name(), String.valueOf(wanted.fault())))
                .orElse(Map.of());
    }
}
