package dev.patron.e2e.node;

import dev.patron.engines.PostgreSql;
import dev.patron.engines.RedisCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What nodes keep everything in: a PostgreSQL server and, where sessions are elsewhere, a cluster of three masters. */
record Engines(PostgreSql postgreSql, Optional<RedisCluster> cluster, Map<String, String> environment)
        implements AutoCloseable {

    /** Which engines. */
    enum Kind {
        POSTGRESQL,
        POSTGRESQL_AND_CLUSTER
    }

    static Engines start(Kind kind) {
        PostgreSql postgreSql = PostgreSql.start();
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATRON_DATABASE_URL", postgreSql.url(postgreSql.createDatabase("template1")),
                "PATRON_DATABASE_USER", PostgreSql.USER,
                "PATRON_DATABASE_PASSWORD", postgreSql.password()));
        Optional<RedisCluster> cluster =
                kind == Kind.POSTGRESQL ? Optional.empty() : Optional.of(RedisCluster.start(3));
        cluster.ifPresent(found -> environment.put("PATRON_SESSIONS_URL", found.url()));
        return new Engines(postgreSql, cluster, Map.copyOf(environment));
    }

    @Override
    public void close() {
        postgreSql.close();
        cluster.ifPresent(RedisCluster::close);
    }
}
