package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.testkit.http.TestResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests to which addresses calls connect. {@code AddressPolicyTest} tests the rule itself. */
class DestinationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "[::ffff:7f00:1]", "localhost"})
  void a_users_service_does_not_reach_this_machine_however_it_is_written(String host) {
    try (Rig rig = new Rig()) {
      rig.lend(
          TestService.at("http://" + host + ":" + rig.stub.port() + "/v1", WireFormat.OPENAI)
              .ofUser());
      TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.values("x-claviger-error")).containsExactly("destination_not_allowed");
      assertThat(rig.stub.requests()).isEmpty();
      assertThat(rig.stub.openConnections()).isZero();
    }
  }

  @Test
  void an_exception_opens_the_way() {
    try (Rig rig = new Rig(s -> s.withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.0/8")))) {
      rig.lend(rig.at(WireFormat.OPENAI).ofUser());

      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    }
  }

  @Test
  void a_connection_opened_under_one_rule_does_not_serve_another() {
    try (Rig rig = new Rig()) {
      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
      rig.lend(rig.at(WireFormat.OPENAI).ofUser());

      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(403);
    }
  }

  @Test
  void nobody_calls_the_gateway_through_itself() {
    try (Rig rig = new Rig()) {
      for (String host : List.of("127.0.0.1", "0.0.0.0", "[::1]", "127.0.0.2")) {
        rig.lend(
            TestService.at(
                "http://" + host + ":" + rig.gateway.address().getPort(), WireFormat.OPENAI));

        assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(403);
      }
      assertThat(rig.authorizer.calls()).hasSize(4);
    }
  }

  @Test
  void nobody_calls_clavigers_api_through_the_gateway() {
    AtomicInteger port = new AtomicInteger();
    try (Rig rig =
        new Rig(
            s ->
                s.withOwnListeners(
                    () ->
                        List.of(
                            new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), port.get()))))) {
      port.set(rig.stub.port());

      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(403);
    }
  }

  @Test
  void a_call_that_came_from_a_gateway_is_refused() {
    try (Rig rig = new Rig()) {
      TestResponse answer = rig.post("embeddings", Rig.embedding("m"), "X-Claviger-Hop", "1");

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.values("x-claviger-error")).containsExactly("loop_detected");
      assertThat(answer.values("x-should-retry")).containsExactly("false");
      assertThat(rig.authorizer.calls()).isEmpty();
    }
  }

  @Test
  void a_loop_by_way_of_another_gateway_ends_at_once() {
    try (Rig far = new Rig();
        Rig near = new Rig()) {
      near.lend(
          TestService.at(far.url("").replaceFirst("/$", ""), WireFormat.OPENAI).key(Rig.TOKEN));
      TestResponse answer = near.post("embeddings", Rig.embedding("m"));

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("loop_detected");
      assertThat(far.stub.requests()).isEmpty();
    }
  }

  @Test
  void nobody_waits_longer_for_a_name_than_the_service_allows() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    try (Rig rig =
        new Rig(
            s ->
                s.withResolver(
                    host -> {
                      awaitQuietly(over);
                      throw new UnknownHostException(host);
                    }))) {
      rig.lend(TestService.at("https://slow.test", WireFormat.OPENAI).timeout(200));
      TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.values("x-claviger-error")).containsExactly("provider_unreachable");
    } finally {
      over.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_name_that_resolves_differently_the_second_time_gains_nothing() {
    AtomicInteger asked = new AtomicInteger();
    try (Rig rig =
        new Rig(
            s ->
                s.withResolver(
                    host -> {
                      // A public address that nobody answers at, then this machine.
                      byte[] first = {(byte) 192, 0, 2, 1};
                      return asked.getAndIncrement() == 0
                          ? List.of(InetAddress.getByAddress(first))
                          : List.of(InetAddress.getLoopbackAddress());
                    }))) {
      rig.lend(
          TestService.at("https://rebinding.test:" + rig.stub.port(), WireFormat.OPENAI).ofUser());
      rig.post("embeddings", Rig.embedding("m"));
      rig.post("embeddings", Rig.embedding("m"));

      assertThat(asked).hasValue(2);
      assertThat(rig.stub.openConnections()).isZero();
      assertThat(rig.stub.requests()).isEmpty();
    }
  }

  @Test
  void of_several_addresses_only_permitted_ones_are_tried() {
    try (Rig rig =
        new Rig(
            s ->
                s.withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.3"))
                    .withResolver(
                        host ->
                            List.of(
                                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                                InetAddress.getByAddress(new byte[] {127, 0, 0, 3}))))) {
      rig.lend(
          TestService.at("http://several.test:" + rig.stub.port() + "/v1", WireFormat.OPENAI)
              .ofUser());

      // The stub listens at 127.0.0.1 only, which is not permitted.
      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(502);
      assertThat(rig.stub.requests()).isEmpty();
    }
  }

  @Test
  void when_the_first_address_does_not_answer_the_next_is_tried() {
    try (Rig rig =
        new Rig(
            s ->
                s.withResolver(
                    host ->
                        List.of(
                            InetAddress.getByAddress(new byte[] {127, 0, 0, 3}),
                            InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))))) {
      rig.lend(TestService.at("http://several.test:" + rig.stub.port() + "/v1", WireFormat.OPENAI));

      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    }
  }

  @Test
  void a_key_does_not_go_to_a_public_address_in_clear_text() {
    try (Rig rig =
        new Rig(
            s ->
                s.withResolver(
                    host -> List.of(InetAddress.getByAddress(new byte[] {8, 8, 8, 8}))))) {
      rig.lend(TestService.at("http://public.test", WireFormat.OPENAI));
      TestResponse withKey = rig.post("embeddings", Rig.embedding("m"));
      rig.lend(
          TestService.at("http://public.test", WireFormat.OPENAI)
              .keyless()
              .header("X-Secret", "s"));
      TestResponse withHeader = rig.post("embeddings", Rig.embedding("m"));

      assertThat(withKey.values("x-claviger-error")).containsExactly("destination_not_allowed");
      assertThat(withHeader.status()).isEqualTo(403);
    }
  }

  @Test
  void a_name_that_does_not_resolve_is_unreachable() {
    try (Rig rig =
        new Rig(
            s ->
                s.withResolver(
                    host -> {
                      throw new java.net.UnknownHostException(host);
                    }))) {
      rig.lend(TestService.at("https://nowhere.test", WireFormat.OPENAI));

      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(502);
    }
  }
}
