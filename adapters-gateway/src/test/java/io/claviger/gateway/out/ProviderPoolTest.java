package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AddressScope;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderPoolTest {
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final ProviderPool pool =
      new ProviderPool(
          new EmbeddedChannel().eventLoop(),
          new Connector(
              NioSocketChannel.class,
              UnpooledByteBufAllocator.DEFAULT,
              AddressResolver.system(),
              new AddressPolicy(AllowedPrivateHosts.none(), List::of, address -> false),
              ProviderTls.system(),
              owner -> Runnable::run,
              owner -> Runnable::run));

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private void addIdle(ProviderAddress target) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    ProviderConnection connection = new ProviderConnection(channel, pool, target);
    channel.pipeline().addLast(connection);
    pool.add(target, connection);
  }

  private static ProviderAddress target(String host) {
    return new ProviderAddress(false, host, 80, new AddressScope(false, false));
  }

  private long open() {
    return channels.stream().filter(EmbeddedChannel::isActive).count();
  }

  @Test
  void one_target_keeps_128_idle_connections_and_the_eldest_goes_first() {
    for (int i = 0; i < 130; i++) {
      addIdle(target("one"));
    }

    assertThat(pool.idleCount()).isEqualTo(128);
    assertThat(open()).isEqualTo(128);
    assertThat(channels.get(1).isActive()).isFalse();
    assertThat(channels.get(2).isActive()).isTrue();
  }

  @Test
  void all_targets_together_keep_512_idle_connections() {
    for (int i = 0; i < 600; i++) {
      addIdle(target("host-" + i));
    }

    assertThat(pool.idleCount()).isEqualTo(512);
    assertThat(open()).isEqualTo(512);
    assertThat(channels.get(0).isActive()).isFalse();
  }
}
