package dev.patron.server.developers;

import dev.patron.server.app.AppOrigin;
import dev.patron.server.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The page of an app's settings, and the one where operators decide about its origins.
 *
 * @param form the settings as they are typed
 * @param owner the name of its developer; empty for the operators' own
 * @param origins the origins that the app lists, and where they are approved
 * @param visibleStores the stores whose names the member may know
 * @param operator whether an operator looks: they block the app, and approve its origins at every store
 */
public record SettingsView(
        SettingsForm form,
        Optional<String> owner,
        List<AppOrigin> origins,
        List<Store> visibleStores,
        boolean operator) {

    /** Makes the lists immutable. */
    public SettingsView {
        origins = List.copyOf(origins);
        visibleStores = List.copyOf(visibleStores);
    }

    /** Whether the button is about the operators' block, and not the owner's own switch. */
    public boolean switchesBlock() {
        return operator && form.app().ownerId().isPresent();
    }

    /** Whether the button lets the app get tokens again, as far as it is the member's to say. */
    public boolean switchedOff() {
        return switchesBlock()
                ? form.app().blocked()
                : form.app().disabled() || (operator && form.app().blocked());
    }

    /** Where an origin is approved, as people read it. Stores that the member may not see are only counted. */
    public String approval(AppOrigin origin) {
        if (origin.everyStore()) {
            int refused = origin.refusedStores().size();
            return refused == 0
                    ? "Approved at every store."
                    : "Approved at every store but " + stores(refused) + named(origin.refusedStores()) + ".";
        }
        int approved = origin.approvedStores().size();
        if (approved == 0 && !origin.refusedStores().isEmpty()) {
            return "Refused at " + stores(origin.refusedStores().size()) + named(origin.refusedStores())
                    + ", and approved at none.";
        }
        return approved == 0
                ? "Not approved at any store yet. A store’s staff or an operator has to approve it."
                : "Approved at " + stores(approved) + named(origin.approvedStores()) + ".";
    }

    /** Whether nobody has decided about an origin yet. */
    public static boolean awaits(AppOrigin origin) {
        return !origin.everyStore()
                && origin.approvedStores().isEmpty()
                && origin.refusedStores().isEmpty();
    }

    private static String stores(int number) {
        return number == 1 ? "1 store" : number + " stores";
    }

    private String named(Set<String> hashes) {
        List<String> names = visibleStores.stream()
                .filter(store -> hashes.contains(store.hash()))
                .map(store -> store.name() + " (" + store.hash() + ")")
                .toList();
        return names.isEmpty()
                ? ""
                : (names.size() == hashes.size() ? ": " : ", among them ") + String.join(", ", names);
    }
}
