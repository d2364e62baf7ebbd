package dev.patron.server.developers;

import dev.patron.server.app.App;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.PersonalClaim;
import dev.patron.token.JwsAlgorithm;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An app's settings as they are typed, beside those it has.
 *
 * @param app the app as it is
 * @param origins one to a line, as typed
 * @param faults what is wrong, by form field
 * @param conflict whether the app was changed since the form was made
 * @param notice what has just been done, or null
 */
public record SettingsForm(
        App app,
        String name,
        String description,
        JwsAlgorithm algorithm,
        Set<ExtraClaim> extraClaims,
        Set<PersonalClaim> needs,
        String origins,
        Map<String, String> faults,
        boolean conflict,
        @Nullable String notice) {

    /** The settings that the app has. */
    static SettingsForm of(App app) {
        AppDetails details = app.details();
        return new SettingsForm(
                app,
                details.name(),
                details.description(),
                details.algorithm(),
                details.extraClaims(),
                details.needs(),
                String.join("\n", new TreeSet<>(details.origins())),
                Map.of(),
                false,
                null);
    }

    SettingsForm withNotice(@Nullable String text) {
        return new SettingsForm(app, name, description, algorithm, extraClaims, needs, origins, faults, conflict, text);
    }

    SettingsForm withFaults(Map<String, String> found) {
        return new SettingsForm(
                app, name, description, algorithm, extraClaims, needs, origins, found, conflict, notice);
    }

    SettingsForm inConflict() {
        return new SettingsForm(app, name, description, algorithm, extraClaims, needs, origins, faults, true, notice);
    }

    /** The origins typed, without empty lines. */
    Set<String> originSet() {
        return origins.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What was typed, as it would be kept. */
    AppDetails details() {
        return new AppDetails(name, description, algorithm, extraClaims, needs, originSet());
    }

    /** Where the app is not as typed: what it has now, for whoever decides again. */
    public List<String> differences() {
        AppDetails now = app.details();
        List<String> differences = new ArrayList<>();
        if (!now.name().equals(name)) {
            differences.add("The name is “" + now.name() + "” now.");
        }
        if (!now.description().equals(description)) {
            differences.add(
                    now.description().isEmpty()
                            ? "There is no description now."
                            : "The description is “" + now.description() + "” now.");
        }
        if (now.algorithm() != algorithm) {
            differences.add("The algorithm is " + now.algorithm() + " now.");
        }
        if (!now.extraClaims().equals(extraClaims)) {
            differences.add("The extra claims are now: "
                    + list(now.extraClaims().stream().map(ExtraClaim::claim).toList()));
        }
        if (!now.needs().equals(needs)) {
            differences.add("The personal claims it needs are now: "
                    + list(now.needs().stream().map(PersonalClaim::claim).toList()));
        }
        if (!now.origins().equals(originSet())) {
            differences.add("The origins are now: " + list(now.origins()));
        }
        return differences;
    }

    private static String list(Iterable<String> names) {
        Set<String> sorted = new TreeSet<>();
        names.forEach(sorted::add);
        return (sorted.isEmpty() ? "none" : String.join(", ", sorted)) + ".";
    }

    static <E extends Enum<E>> Set<E> chosen(Class<E> type, java.util.function.Predicate<E> isChosen) {
        Set<E> chosen = EnumSet.noneOf(type);
        for (E each : type.getEnumConstants()) {
            if (isChosen.test(each)) {
                chosen.add(each);
            }
        }
        return chosen;
    }
}
