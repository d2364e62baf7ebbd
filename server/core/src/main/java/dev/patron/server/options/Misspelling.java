package dev.patron.server.options;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds environment variables that were meant to set an option. Not every unknown one is a mistake, as it is in the
 * configuration file: others put theirs into the environment too, such as {@code PATRON_SERVICE_HOST} where Kubernetes
 * runs a service of that name.
 */
final class Misspelling {

    /** A letter too many, too few, wrong, or two of them: {@code PROT} for {@code PORT} is two wrong ones. */
    private static final int MOST_EDITS = 2;

    private static final List<String> KNOWN = Stream.concat(
                    Stream.of(Options.FILE_VARIABLE), Options.ALL.stream().map(Option::environmentVariable))
            .toList();

    private Misspelling() {}

    /**
     * Refuses an environment in which the name of an option's variable is misspelt.
     *
     * @throws InvalidOptionException with the name and what was probably meant
     */
    static void refuse(Collection<String> variables) {
        for (String variable : variables) {
            if (variable.startsWith("PATRON_") && !KNOWN.contains(variable)) {
                meant(variable).ifPresent(meant -> {
                    throw new InvalidOptionException("There is no option for the environment variable " + variable
                            + ". Is " + meant + " meant? Correct or remove it.");
                });
            }
        }
    }

    private static Optional<String> meant(String variable) {
        return KNOWN.stream()
                .filter(known -> edits(variable, known) <= MOST_EDITS)
                .findFirst();
    }

    /** How many letters have to be put in, taken out or replaced to make one word of the other (Levenshtein). */
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
