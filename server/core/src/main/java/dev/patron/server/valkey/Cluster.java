package dev.patron.server.valkey;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.Future;

/** A cluster, each of whose masters has a part of the keys. */
record Cluster(
        ClientResources resources, RedisClusterClient client, StatefulRedisClusterConnection<String, byte[]> connection)
        implements Connection {

    @Override
    public RedisClusterAsyncCommands<String, byte[]> commands() {
        return connection.async();
    }

    @Override
    public String server(String key) {
        RedisClusterNode node = connection.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        return node == null ? "" : node.getNodeId();
    }

    @Override
    public List<? extends Future<String>> ping() {
        return connection.getPartitions().stream()
                .filter(node -> node.getRole().isUpstream())
                .map(node -> connection
                        .getConnectionAsync(node.getNodeId())
                        .thenCompose(one -> one.async().ping()))
                .toList();
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        Connector.stop(resources);
    }
}
