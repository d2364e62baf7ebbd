package dev.patron.e2e.crash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What the server has acknowledged, and what it was asked and may have done. Guarded by itself. */
final class Facts {

    /** A session, as far as the answers tell. */
    enum Session {
        BEGUN,
        /** A sign-out was sent, and its answer never came: either is right. */
        ENDING,
        ENDED
    }

    /** An app, as far as the answers tell. */
    enum App {
        ACTIVE,
        /** The disabling was sent, and its answer never came: either is right. */
        DISABLING,
        DISABLED
    }

    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();
    private final List<String> accounts = new ArrayList<>();

    synchronized void account(String email) {
        accounts.add(email);
    }

    synchronized void session(String session, Session state) {
        sessions.put(session, state);
    }

    synchronized void app(String clientId, App state) {
        apps.put(clientId, state);
    }

    synchronized List<String> accounts() {
        return List.copyOf(accounts);
    }

    synchronized Map<String, Session> sessions() {
        return new LinkedHashMap<>(sessions);
    }

    synchronized SequencedMap<String, App> apps() {
        return new LinkedHashMap<>(apps);
    }

    synchronized long count(Session state) {
        return sessions.values().stream().filter(state::equals).count();
    }

    synchronized long count(App state) {
        return apps.values().stream().filter(state::equals).count();
    }
}
