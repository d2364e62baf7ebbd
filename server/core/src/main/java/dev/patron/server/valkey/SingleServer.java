package dev.patron.server.valkey;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.Future;

/** One server, which has every key. */
record SingleServer(ClientResources resources, RedisClient client, StatefulRedisConnection<String, byte[]> connection)
        implements Connection {

    @Override
    public RedisClusterAsyncCommands<String, byte[]> commands() {
        return connection.async();
    }

    @Override
    public String server(String key) {
        return "";
    }

    @Override
    public List<? extends Future<String>> ping() {
        return List.of(connection.async().ping());
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        Connector.stop(resources);
    }
}
