package dev.patron.e2e.node;

/** Everything in PostgreSQL. */
class NodesOnPostgreSqlTest extends NodesContract {

    NodesOnPostgreSqlTest() {
        super(Engines.Kind.POSTGRESQL);
    }
}
