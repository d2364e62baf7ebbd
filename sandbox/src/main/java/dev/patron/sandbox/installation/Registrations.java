package dev.patron.sandbox.installation;

import dev.patron.server.sql.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** How apps are installed. Thread-safe. */
public final class Registrations {

    private static final RowMapper<Registration> ROW = (row, _) -> new Registration(
            row.getString("auth_callback"),
            row.getString("load_callback"),
            row.getString("uninstall_callback"),
            row.getString("remove_user_callback"),
            StoreScope.kept(row.getString("scopes")));

    private final Database database;

    Registrations(Database database) {
        this.database = database;
    }

    /** How an app is installed, if its developer said so. */
    public Optional<Registration> find(String clientId) {
        return database.with(handle -> find(handle, clientId));
    }

    static Optional<Registration> find(Handle handle, String clientId) {
        return handle.createQuery("select * from registration where client_id = ?")
                .bind(0, clientId)
                .map(ROW)
                .findOne();
    }

    /** How apps are installed, by client id. */
    Map<String, Registration> all() {
        return database.with(handle -> {
            Map<String, Registration> all = new HashMap<>();
            handle.createQuery("select * from registration")
                    .map((row, context) -> Map.entry(row.getString("client_id"), ROW.map(row, context)))
                    .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
            return all;
        });
    }

    /**
     * Says how an app is installed, instead of what was said before.
     *
     * @return whether there is such an app
     * @throws IllegalArgumentException when something is wrong with the registration
     */
    public boolean save(String clientId, Registration registration) {
        if (!registration.faults().isEmpty()) {
            throw new IllegalArgumentException("The registration is not valid: " + registration.faults());
        }
        return database.transaction(handle -> {
            boolean exists = Installations.lock(handle, clientId);
            if (exists) {
                handle.execute("delete from registration where client_id = ?", clientId);
                handle.execute(
                        "insert into registration (client_id, auth_callback, load_callback, uninstall_callback,"
                                + " remove_user_callback, scopes) values (?, ?, ?, ?, ?, ?)",
                        clientId,
                        registration.authCallback(),
                        registration.loadCallback(),
                        registration.uninstallCallback(),
                        registration.removeUserCallback(),
                        StoreScope.text(registration.scopes()));
            }
            return exists;
        });
    }
}
