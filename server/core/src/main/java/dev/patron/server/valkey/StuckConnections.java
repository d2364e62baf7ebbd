package dev.patron.server.valkey;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections that something was sent to and nothing comes back from, so that the client library makes new ones. Else
 * a server that vanished without a word, as behind a cut cable, would be waited for until the system gives up, which takes a
 * quarter of an hour on Linux.
 */
final class StuckConnections implements NettyCustomizer {

    private final Duration patience;

    /** An answer may take so long; a connection is closed after that time again at the latest. */
    StuckConnections(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline()
                .addFirst(new IdleStateHandler(patience.toMillis(), 0, 0, TimeUnit.MILLISECONDS), new Watch());
    }

    /** Of one channel, whose events come one after the other. */
    private static final class Watch extends ChannelDuplexHandler {

        private boolean waiting;
        /** Whether it was waiting already the last time that nothing had come for so long. */
        private boolean waitingLong;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            waiting = true;
            var _ = context.write(message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            waiting = false;
            waitingLong = false;
            context.fireChannelRead(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent && waiting) {
                if (waitingLong) {
                    var _ = context.close();
                }
                // The first time, what is waited for may have been sent a moment ago.
                waitingLong = true;
            }
            context.fireUserEventTriggered(event);
        }
    }
}
