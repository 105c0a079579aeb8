package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.User;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.events.GatewayEvents.Bound;
import io.claviger.gateway.in.ConnectionLimits;
import io.claviger.gateway.wire.Transport;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests how many connections callers may have, and which connections are closed if there are too
 * many.
 */
class CallerConnectionsTest {
  private static final String MODELS = RawCaller.head("GET", "models") + "\r\n";

  /** Addresses to which only the limit on all connections applies. */
  private static final AddressNets PROXY = AddressNets.of(InetAddress.getLoopbackAddress());

  private final List<RawCaller> callers = new ArrayList<>();
  private Rig rig = new Rig();

  @AfterEach
  void close() {
    callers.forEach(RawCaller::close);
    rig.close();
  }

  private void bounded(int most, int perAddress, AddressNets proxies) {
    rig.close();
    rig =
        new Rig(
            settings ->
                settings.withConnections(
                    ConnectionLimits.standard().withMost(most, perAddress).withProxies(proxies)));
  }

  private RawCaller connect() {
    RawCaller caller = new RawCaller(rig);
    callers.add(caller);
    return caller;
  }

  private RawCaller connected() {
    RawCaller caller = connect();
    assertThat(caller.send(MODELS).until("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    return caller;
  }

  @Test
  void one_address_gets_no_more_connections_than_it_may() {
    bounded(100, 3, AddressNets.NONE);
    connected();
    connected();
    RawCaller last = connected();

    assertThat(connect().untilClosed()).isIn("", "<reset>");
    // The gateway closes a connection before it counts the refusal.
    rig.events.await(() -> rig.events.refused(Bound.ADDRESS) == 1);
    last.close();
    rig.events.await(() -> rig.events.openConnections() == 2);
    connected();
  }

  @Test
  void a_connection_counts_although_its_event_loop_is_busy() {
    bounded(100, 3, AddressNets.NONE);

    synchronized (rig.events) { // each event loop waits for this when it has a new connection
      connect();
      connect();
      connect();

      assertThat(connect().untilClosed()).isIn("", "<reset>");
    }
    rig.events.await(() -> rig.events.refused(Bound.ADDRESS) == 1);
  }

  @Test
  void a_connection_that_no_event_loop_can_take_is_no_longer_counted() {
    AtomicBoolean fails = new AtomicBoolean();
    rig.close();
    rig = new Rig(UnaryOperator.identity(), failing(fails));
    fails.set(true);
    assertThat(connect().untilClosed()).isIn("", "<reset>");
    assertThat(fails).isFalse();

    // Draining waits for all connections that are counted.
    assertThat(rig.beginDraining()).succeedsWithin(Duration.ofSeconds(10));
  }

  /** A transport whose event loops fail to take the next connection if they are told to. */
  private static Transport failing(AtomicBoolean fails) {
    Transport best = Transport.best();
    IoHandlerFactory io =
        executor -> {
          IoHandler handler = best.io().newHandler(executor);
          return (IoHandler)
              Proxy.newProxyInstance(
                  IoHandler.class.getClassLoader(),
                  new Class<?>[] {IoHandler.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("register") && fails.getAndSet(false)) {
                      throw new IOException("no room");
                    }
                    try {
                      return method.invoke(handler, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
        };
    return new Transport(io, best.server(), best.client());
  }

  @Test
  void the_connections_of_a_proxy_that_is_believed_are_not_counted_as_one_callers() {
    bounded(100, 1, PROXY);
    connected();
    connected();

    assertThat(rig.events.refused(Bound.ADDRESS)).isZero();
  }

  @Test
  void the_connection_that_was_idle_for_longest_makes_room_for_a_new_one() {
    int most = 4 * Runtime.getRuntime().availableProcessors();
    bounded(most, most, PROXY);
    for (int i = 0; i < most; i++) {
      connected();
    }
    connected();

    assertThat(rig.events.refused(Bound.IDLE)).isEqualTo(1);
    rig.events.await(() -> rig.events.openConnections() == most);
  }

  @Test
  void several_idle_connections_make_room_at_once_if_there_are_many() {
    int most = 16 * Runtime.getRuntime().availableProcessors();
    bounded(most, most, PROXY);
    for (int i = 0; i < most + 2; i++) {
      connected();
    }

    assertThat(rig.events.refused(Bound.IDLE)).isEqualTo(4);
  }

  @Test
  void connections_that_wait_for_room_are_not_too_many() {
    bounded(2, 2, PROXY);

    synchronized (rig.events) { // each event loop waits for this when it has a new connection
      for (int i = 0; i < 2 + 256; i++) {
        connect();
      }

      assertThat(connect().untilClosed()).isIn("", "<reset>");
    }
    rig.events.await(() -> rig.events.refused(Bound.ALL) > 0);
  }

  /** The streams come through a proxy, so the limit for an address does not apply. */
  @Test
  void a_caller_with_many_streams_leaves_connections_to_others() {
    int loops = Runtime.getRuntime().availableProcessors();
    bounded(32 * loops, 32 * loops, PROXY);
    String other = "clv_other";
    rig.authorizer.grant(other, rig.at(WireFormat.OPENAI).calledBy(new User.Id(new UUID(0, 9))));
    String body = Rig.chat("stub-stall-mid-stream");
    int streams = 0;
    String answer = "HTTP/1.1 200 ";
    while (streams < 32 * loops && answer.startsWith("HTTP/1.1 200 ")) {
      answer = connect().chat(body).until("\r\n\r\n");
      streams++;
    }

    assertThat(answer).startsWith("HTTP/1.1 503 ").contains("retry-after: 1");
    assertThat(streams).isGreaterThanOrEqualTo(24);
    connect().post("chat/completions", body, other).until("data: ");
  }

  @Test
  void where_a_call_is_under_way_on_every_connection_a_new_one_is_closed() {
    bounded(2, 2, PROXY);
    String body = Rig.chat("stub-stall-mid-stream");
    for (int i = 0; i < 2; i++) {
      RawCaller streaming = connect();
      streaming.chat(body).until("data: ");
    }

    assertThat(connect().untilClosed()).isIn("", "<reset>");
    assertThat(rig.events.refused(Bound.ALL)).isEqualTo(1);
    assertThat(rig.events.openAnswers()).isEqualTo(2);
  }
}
