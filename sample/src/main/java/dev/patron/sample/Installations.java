package dev.patron.sample;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The stores that have installed the app, with their access tokens. */
@Repository
class Installations {

    private final JdbcClient database;

    Installations(JdbcClient database) {
        this.database = database;
    }

    /** The access token of a store. */
    Optional<String> accessToken(String storeHash) {
        return database.sql("select access_token from installation where store_hash = ?")
                .param(storeHash)
                .query(String.class)
                .optional();
    }

    /** Keeps a store's access token, in place of the one before. */
    @Transactional
    public void save(String storeHash, String accessToken) {
        database.sql("merge into installation (store_hash, access_token) key (store_hash) values (?, ?)")
                .param(storeHash)
                .param(accessToken)
                .update();
    }

    /** Forgets a store that has uninstalled the app. */
    @Transactional
    public void remove(String storeHash) {
        database.sql("delete from installation where store_hash = ?")
                .param(storeHash)
                .update();
    }
}
