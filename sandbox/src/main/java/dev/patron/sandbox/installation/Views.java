package dev.patron.sandbox.installation;

import dev.patron.server.app.App;
import dev.patron.server.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the pages about installations show. */
public final class Views {

    private Views() {}

    /**
     * How an app is installed.
     *
     * @param faults what is wrong, by form field
     * @param notice what has just been done, or null
     */
    public record RegistrationPage(
            App app,
            String path,
            Registration registration,
            Map<String, String> faults,
            @Nullable String notice) {}

    /** Where a member can go from here. */
    public record Home(List<Link> stores, List<Link> apps) {}

    /** A store or an app. */
    public record Link(String path, String name, String id, String state) {}

    /**
     * The apps of a store.
     *
     * @param mayInstall whether the member may install and uninstall
     * @param everyStore whether the member gets to see other stores
     * @param notice what has just been done, or null
     */
    public record StorePage(
            Store store,
            List<Row> rows,
            boolean mayInstall,
            boolean everyStore,
            @Nullable String notice) {}

    /**
     * An app at a store.
     *
     * @param path of what can be done with it
     * @param authorizePath where a member consents
     * @param users who has opened it
     * @param grown whether it asks for more than the store has consented to
     * @param opens whether there is something to open
     */
    public record Row(
            App app,
            String path,
            Optional<String> authorizePath,
            Optional<Installation> installation,
            List<Person> users,
            boolean grown,
            boolean opens) {}

    /** A member who has opened an app. */
    public record Person(long id, String name) {}

    /**
     * The question whether an app may be installed.
     *
     * @param owner whose app it is
     * @param stores where it may be: one, or those to choose from
     * @param scopes what it asks for
     * @param known what the store has consented to already; empty where that is not known
     * @param fields what the form repeats of the request
     * @param origin where the member goes on to
     */
    public record Consent(
            App app,
            String owner,
            List<Store> stores,
            List<StoreScope> scopes,
            Set<StoreScope> known,
            Map<String, String> fields,
            String origin) {}
}
