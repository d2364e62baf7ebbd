package dev.patron.sandbox.installation;

import dev.patron.server.PatronServer;
import dev.patron.server.member.Role;
import java.net.URI;
import java.util.EnumSet;

/** Apps that are installed, wired together and added to a server before it starts. */
public final class InstallationModule implements AutoCloseable {

    private static final String MIGRATIONS = "dev/patron/sandbox/migration";
    private static final String HISTORY = "sandbox_schema_history";

    private final Registrations registrations;
    private final AuthorizationCodes codes;
    private final Installations installations;
    private final Notifications notifications;

    private InstallationModule(
            Registrations registrations,
            AuthorizationCodes codes,
            Installations installations,
            Notifications notifications) {
        this.registrations = registrations;
        this.codes = codes;
        this.installations = installations;
        this.notifications = notifications;
    }

    /** Adds storage, pages and endpoints to a server. */
    public static InstallationModule addTo(PatronServer server) {
        server.services().database.migrate(MIGRATIONS, HISTORY);
        Registrations registrations = new Registrations(server.services().database);
        Installations installations =
                new Installations(server.services().database, server.services().logins, server.services().clock);
        AuthorizationCodes codes =
                new AuthorizationCodes(server.services().database, installations, server.services().clock);
        Users users = new Users(server.services().members);
        SignedPayload payload =
                new SignedPayload(server.services().apps, server.services().rotation, users, server.services().clock);
        server.console().pages().addRoom(InstallationPages.ROOM, "Installations", EnumSet.allOf(Role.class));
        new RegistrationPages(server.console().pages(), server.services().apps, registrations)
                .addTo(server.console().routes());
        new AuthorizePages(
                        server.console().pages(),
                        server.services().apps,
                        server.services().stores,
                        registrations,
                        installations,
                        codes)
                .addTo(server.console().routes());
        new InstallationPages(
                        server.console().pages(),
                        server.services().apps,
                        server.services().stores,
                        server.services().members,
                        registrations,
                        installations,
                        payload)
                .addTo(server.console().routes());
        server.console()
                .routes()
                .on(
                        "POST",
                        TokenEndpoint.PATH,
                        new TokenEndpoint(server.services().apps, server.services().rotation, codes, users));
        return new InstallationModule(
                registrations,
                codes,
                installations,
                new Notifications(server.services().database, payload, server.services().clock));
    }

    /** How apps are installed. */
    public Registrations registrations() {
        return registrations;
    }

    /**
     * What a browser would be sent to after somebody had consented to all that an app asks for: for demo data.
     *
     * @param memberId who has consented
     * @return the app's auth callback with a code, which is good for a minute
     * @throws IllegalArgumentException when the app is not registered
     */
    public URI consent(String storeHash, String clientId, long memberId) {
        Registration registration = registrations
                .find(clientId)
                .orElseThrow(() -> new IllegalArgumentException("The app has no callbacks yet."));
        return URI.create(Registration.with(
                registration.authCallback(),
                codes.answer(new AuthorizationCodes.Consent(
                        clientId, storeHash, memberId, registration.authCallback(), registration.scopes()))));
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
