package dev.patron.server.valkey;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.options.SessionsUrl;
import dev.patron.server.options.SessionsUrl.Server;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Finds out what the servers are, and connects to them. */
final class Connector {

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Commands that are on their way to one server; further ones fail. */
    private static final int MOST_QUEUED = 100_000;

    private static final Duration LONGEST_PAUSE_BETWEEN_TRIALS = Duration.ofMillis(500);
    private static final Duration TOPOLOGY_INTERVAL = Duration.ofSeconds(5);

    /** What Valkey says of itself so that clients of Redis know what it can do: also Valkey has this line. */
    private static final Pattern VERSION = Pattern.compile("(?m)^redis_version:(\\d+)\\.(\\d+)");

    private static final int OLDEST_MAJOR = 6;
    private static final int OLDEST_MINOR = 2;

    private final SessionsUrl url;
    private final Options options;
    private final Duration wait;
    private final ClientResources resources;

    Connector(SessionsUrl url, Options options) {
        this.url = url;
        this.options = options;
        this.wait = options.get(Options.SESSIONS_WAIT);
        this.resources = ClientResources.builder()
                .reconnectDelay(Delay.exponential(
                        Duration.ofMillis(10), LONGEST_PAUSE_BETWEEN_TRIALS, 2, TimeUnit.MILLISECONDS))
                .nettyCustomizer(new StuckConnections(wait))
                .build();
    }

    /**
     * Connects to the first of the servers that answers, and through it to the cluster that it may be of.
     *
     * @throws InvalidOptionException when there is none, or it cannot be used
     */
    Connection connect() {
        try {
            return isCluster() ? cluster() : single();
        } catch (RedisException failed) {
            stop(resources);
            throw refusal(failed);
        } catch (RuntimeException | Error failed) {
            stop(resources);
            throw failed;
        }
    }

    /** Ends the threads that connections share. */
    static void stop(ClientResources resources) {
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private boolean isCluster() {
        RedisClient client = RedisClient.create(resources);
        client.setOptions(configure(ClientOptions.builder()).build());
        try (client;
                StatefulRedisConnection<String, byte[]> first = first(client, 0)) {
            requireVersion(first.sync().info("server"));
            return first.sync().info("cluster").contains("cluster_enabled:1");
        }
    }

    private StatefulRedisConnection<String, byte[]> first(RedisClient client, int database) {
        RedisException last = new RedisException("There is no server");
        for (Server server : url.servers()) {
            try {
                return client.connect(CODEC, uri(server, database));
            } catch (RedisException away) {
                last = away;
            }
        }
        throw last;
    }

    private Connection single() {
        if (url.servers().size() > 1) {
            throw new InvalidOptionException(
                    "patron.sessions.url: Several servers are named, and the first that answers is"
                            + " of no cluster. Name one server, or make them a cluster.");
        }
        RedisClient client = RedisClient.create(resources);
        // Without it, requests would wait for a connection that may never come. Of a cluster, connections are made when
        // they are first needed.
        client.setOptions(configure(ClientOptions.builder())
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        return new SingleServer(resources, client, first(client, url.database()));
    }

    private Connection cluster() {
        if (url.database() != 0) {
            throw new InvalidOptionException(
                    "patron.sessions.url: A cluster has only the database 0. Leave the number out.");
        }
        RedisClusterClient client = RedisClusterClient.create(
                resources, url.servers().stream().map(server -> uri(server, 0)).toList());
        ClusterClientOptions.Builder cluster = ClusterClientOptions.builder();
        configure(cluster);
        client.setOptions(cluster.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_INTERVAL)
                        .adaptiveRefreshTriggersTimeout(LONGEST_PAUSE_BETWEEN_TRIALS)
                        .build())
                .build());
        return new Cluster(resources, client, client.connect(CODEC));
    }

    private <B extends ClientOptions.Builder> B configure(B builder) {
        SslOptions.Builder tls = SslOptions.builder().jdkSslProvider();
        options.get(Options.SESSIONS_CERTIFICATES).ifPresent(file -> tls.trustManager(file.toFile()));
        builder.sslOptions(tls.build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(wait)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(wait))
                .requestQueueSize(MOST_QUEUED);
        return builder;
    }

    private RedisURI uri(Server server, int database) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(server.host())
                .withPort(server.port())
                .withDatabase(database)
                .withSsl(url.tls())
                .withClientName("patron")
                .withTimeout(wait);
        if (!url.user().isEmpty()) {
            uri.withAuthentication(url.user(), url.password().toCharArray());
        } else if (!url.password().isEmpty()) {
            uri.withPassword(url.password().toCharArray());
        }
        return uri.build();
    }

    private static void requireVersion(String info) {
        Matcher version = VERSION.matcher(info);
        if (!version.find()) {
            return;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
            throw new InvalidOptionException("patron.sessions.url: Redis " + OLDEST_MAJOR + "." + OLDEST_MINOR
                    + " or newer is needed, or any Valkey, and this server is Redis " + major + "." + minor + ".");
        }
    }

    /** What the server said is not shown: it may name the user. */
    private InvalidOptionException refusal(RedisException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return new InvalidOptionException("patron.sessions.url: TLS cannot be agreed on with " + named()
                        + ". Name the file with the certificate of its authority in patron.sessions.certificates, or write"
                        + " redis:// when the server speaks no TLS.");
            }
            if (cause instanceof RedisLoadingException) {
                return new InvalidOptionException("patron.sessions.url: The server still reads its data from its disk."
                        + " Start again when it is ready.");
            }
            if (cause instanceof RedisCommandExecutionException) {
                return new InvalidOptionException(
                        "patron.sessions.url: The server refuses the user, the password or the"
                                + " commands that are needed. Correct user and password, and let the user have ~patron:* and"
                                + " +@all, or at least +@read +@write +@scripting +@connection +info +cluster.");
            }
        }
        return new InvalidOptionException("patron.sessions.url: No server can be reached at " + named()
                + ". Start it, or correct host and port; rediss:// where it speaks TLS.");
    }

    private String named() {
        return String.join(", ", url.servers().stream().map(Server::toString).toList());
    }
}
