package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.out.PendingConnection;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderExchangeTest {
  private final List<String> abandoned = new ArrayList<>();

  @SuppressWarnings("NullAway") // nothing is asked of the environment
  private final ProviderExchange exchange =
      new ProviderExchange(
          null,
          new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"),
          new EmbeddedChannel());

  private PendingConnection pending(String name) {
    return () -> abandoned.add(name);
  }

  @Test
  void what_is_waited_for_is_given_up_with_the_call() {
    exchange.await(exchange.beginConnecting(), pending("one"));

    exchange.drop();

    assertThat(abandoned).containsExactly("one");
  }

  /** Too many look-ups are refused at once, and the call goes on to its next target. */
  @Test
  void a_connection_that_is_asked_for_while_another_is_refused_is_given_up_with_the_call() {
    int first = exchange.beginConnecting();
    exchange.await(exchange.beginConnecting(), pending("second"));
    exchange.await(first, pending("first"));

    exchange.drop();

    assertThat(abandoned).containsExactly("second");
  }
}
