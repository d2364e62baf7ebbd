package dev.patron.server.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StuckConnectionsTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    StuckConnectionsTest() {
        new StuckConnections(Duration.ofHours(1)).afterChannelInitialized(channel);
    }

    @Test
    void nothingAsked_staysOpen() {
        nothingCame();
        nothingCame();
        nothingCame();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void askedAMomentAgo_afterLongIdleness_staysOpen() {
        nothingCame();
        nothingCame();
        channel.writeOutbound("a question");
        nothingCame();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void askedAndNotAnswered_isClosed() {
        channel.writeOutbound("a question");
        nothingCame();
        assertThat(channel.isOpen()).isTrue();

        nothingCame();

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void answered_staysOpen() {
        channel.writeOutbound("a question");
        nothingCame();
        channel.writeInbound("an answer");
        nothingCame();
        nothingCame();

        assertThat(channel.isOpen()).isTrue();
    }

    private void nothingCame() {
        channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
    }
}
