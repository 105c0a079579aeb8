package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.wire.Transport;
import io.claviger.testkit.http.TestResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Without epoll, the gateway works with the JDK's selectors. */
class JdkTransportTest {
  @AutoClose private final Rig rig = new Rig(settings -> settings, Transport.jdk());

  @Test
  void calls_are_served() {
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    TestResponse big = rig.post("embeddings", Rig.embedding("stub-big-10000000"));
    assertThat(big.body()).hasSize(10_000_000);
  }

  @Test
  void a_caller_who_goes_away_ends_the_call_to_the_provider_at_once() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("stub-slow-first-byte-60000"));
      rig.stub.awaitRequests(1, Rig.PATIENCE);
    }

    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }
}
