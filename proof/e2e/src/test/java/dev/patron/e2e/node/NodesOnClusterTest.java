package dev.patron.e2e.node;

/** Sessions in a cluster of three masters, everything else in PostgreSQL. */
class NodesOnClusterTest extends NodesContract {

    NodesOnClusterTest() {
        super(Engines.Kind.POSTGRESQL_AND_CLUSTER);
    }
}
