package dev.patron.server.developers;

import dev.patron.server.app.App;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pages about apps show. No {@link Object#toString()} tells a secret. */
public final class AppViews {

    private AppViews() {}

    /**
     * The apps that a member gets to see.
     *
     * @param everybodys whether these are the apps of all members
     * @param owners the names of members, by id
     * @param notice what has just been done, or null
     */
    public record Listing(
            List<App> apps,
            boolean everybodys,
            Map<Long, String> owners,
            @Nullable String notice) {

        /** Whose app it is, as an operator reads it. */
        public String owner(App app) {
            return app.ownerId()
                    .map(id -> Optional.ofNullable(owners.get(id)).orElse("Member " + id))
                    .orElse("Operators");
        }
    }

    /**
     * Making an app, or taking one over.
     *
     * @param newClientId the id that a new app gets: sent with the form, so that a form that is sent twice makes one app
     * @param imports whether an existing client id and secret are taken over
     * @param clientId the existing client id as typed
     * @param faults what is wrong, by form field
     */
    public record Creation(
            String newClientId,
            String name,
            String description,
            boolean imports,
            String clientId,
            Map<String, String> faults) {}

    /**
     * A secret, shown this once.
     *
     * @param fresh whether the app is new too
     */
    public record Credentials(App app, String secret, boolean fresh) {
        @Override
        public String toString() {
            return "Credentials[" + app.clientId() + ", ***]";
        }
    }

    /**
     * An app's first page.
     *
     * @param notice what has just been done, or null
     */
    public record Overview(App app, @Nullable String notice) {}
}
