package dev.patron.sandbox.installation;

import dev.patron.server.PatronServer;
import dev.patron.server.member.Role;
import java.util.EnumSet;

/** Apps that are installed, wired together and added to a server before it starts. */
public final class InstallationModule implements AutoCloseable {

    private static final String MIGRATIONS = "dev/patron/sandbox/migration";
    private static final String HISTORY = "sandbox_schema_history";

    private final Registrations registrations;
    private final Installations installations;
    private final Notifications notifications;

    private InstallationModule(Registrations registrations, Installations installations, Notifications notifications) {
        this.registrations = registrations;
        this.installations = installations;
        this.notifications = notifications;
    }

    /** Adds storage, pages and endpoints to a server. */
    public static InstallationModule addTo(PatronServer server) {
        server.database().migrate(MIGRATIONS, HISTORY);
        Registrations registrations = new Registrations(server.database());
        Installations installations = new Installations(server.database(), server.logins(), server.clock());
        AuthorizationCodes codes = new AuthorizationCodes(server.database(), installations, server.clock());
        Users users = new Users(server.members());
        SignedPayload payload = new SignedPayload(server.apps(), server.rotation(), users, server.clock());
        server.consolePages().addRoom(InstallationPages.ROOM, "Installations", EnumSet.allOf(Role.class));
        new RegistrationPages(server.consolePages(), server.apps(), registrations).addTo(server.console());
        new AuthorizePages(server.consolePages(), server.apps(), server.stores(), registrations, installations, codes)
                .addTo(server.console());
        new InstallationPages(
                        server.consolePages(),
                        server.apps(),
                        server.stores(),
                        server.members(),
                        registrations,
                        installations,
                        payload)
                .addTo(server.console());
        server.console()
                .on("POST", TokenEndpoint.PATH, new TokenEndpoint(server.apps(), server.rotation(), codes, users));
        return new InstallationModule(
                registrations, installations, new Notifications(server.database(), payload, server.clock()));
    }

    /** How apps are installed. */
    public Registrations registrations() {
        return registrations;
    }

    /** The installed apps, and what their access tokens are good for. */
    public Installations installations() {
        return installations;
    }

    /** Begins to tell apps what they are to be told. */
    public void start() {
        notifications.start();
    }

    /** Tells apps what is due now, and says how much it was. */
    int tell() {
        return notifications.tell();
    }

    @Override
    public void close() {
        notifications.close();
    }
}
