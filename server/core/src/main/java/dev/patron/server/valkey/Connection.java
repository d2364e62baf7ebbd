package dev.patron.server.valkey;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.Future;

/** What the client library does for one server and for a cluster alike. Thread-safe. */
interface Connection extends AutoCloseable {

    /** What can be asked. */
    RedisClusterAsyncCommands<String, byte[]> commands();

    /** The name of the server that has a key. */
    String server(String key);

    /** Asks each server for a sign of life. */
    List<? extends Future<String>> ping();

    @Override
    void close();
}
