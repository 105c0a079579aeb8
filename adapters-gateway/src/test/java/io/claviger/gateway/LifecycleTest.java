package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Start and end of a gateway, and the events between. */
@Tag("slow")
class LifecycleTest {
  @AutoClose private final Rig rig = new Rig();

  @Test
  void a_port_that_is_taken_is_told_at_once() {
    GatewaySettings taken = GatewaySettings.on("127.0.0.1", rig.gateway.address().getPort());

    assertThatThrownBy(() -> Gateway.start(taken, rig.authorizer, rig.routing, call -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("can't listen");
  }

  @Test
  void draining_lets_a_stream_come_to_its_end_and_accepts_nothing_more() {
    try (RawCaller idle = new RawCaller(rig);
        RawCaller streaming = new RawCaller(rig)) {
      stream(streaming, "stub-chunk-delay-20-count-40");
      streaming.until("data: ");
      CompletableFuture<Void> drained = rig.beginDraining();

      assertThat(streaming.untilClosed()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      assertThat(idle.untilClosed()).isEmpty();
      drained.join();
      assertThatThrownBy(() -> new RawCaller(rig)).hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void while_leaving_every_call_is_served_and_every_new_answer_ends_its_connection() {
    try (RawCaller before = new RawCaller(rig);
        RawCaller streaming = new RawCaller(rig)) {
      stream(streaming, "stub-chunk-delay-20-count-20");
      streaming.until("data: ");
      rig.gateway.leave();

      // Begun before: nobody was told that the connection ends, so the next request is served on
      // it.
      assertThat(streaming.until("data: [DONE]\n\n\r\n0\r\n\r\n"))
          .doesNotContain("Connection: close");
      stream(streaming, "stub-chunk-delay-1-count-2");
      stream(before, "stub-chunk-delay-1-count-2");
      assertServedForTheLastTime(streaming.untilClosed());
      assertServedForTheLastTime(before.untilClosed());
    }
    try (RawCaller after = new RawCaller(rig)) {
      stream(after, "stub-chunk-delay-1-count-2");
      assertServedForTheLastTime(after.untilClosed());
    }
  }

  private static void assertServedForTheLastTime(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK")
        .containsIgnoringCase("\r\nConnection: close\r\n")
        .endsWith("\r\n0\r\n\r\n");
    // An event may have come in two chunks.
    assertThat(answer.replaceAll("\r\n[0-9a-f]+\r\n", "")).endsWith("data: [DONE]\n\n\r\n");
  }

  @Test
  void who_connected_just_before_the_draining_is_still_served() {
    try (RawCaller late = new RawCaller(rig)) {
      rig.events.await(() -> rig.events.openConnections() == 1);
      CompletableFuture<Void> drained = rig.beginDraining();
      awaitClosedDoor();
      stream(late, "stub-chunk-delay-1-count-2");
      assertServedForTheLastTime(late.untilClosed());
      drained.join();
    }
  }

  @Test
  void a_call_that_arrives_on_an_idle_connection_as_the_draining_begins_is_still_served() {
    try (RawCaller idle = new RawCaller(rig)) {
      stream(idle, "stub-chunk-delay-1-count-2");
      assertThat(idle.until("data: [DONE]\n\n\r\n0\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
      CompletableFuture<Void> drained = rig.beginDraining();
      awaitClosedDoor();
      stream(idle, "stub-chunk-delay-1-count-2");
      assertServedForTheLastTime(idle.untilClosed());
      drained.join();
    }
  }

  private void awaitClosedDoor() {
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        new RawCaller(rig).close();
      } catch (UncheckedIOException refused) {
        return;
      }
    }
    throw new AssertionError("connections are still accepted");
  }

  @Test
  void draining_breaks_off_what_takes_too_long() {
    try (RawCaller streaming = new RawCaller(rig)) {
      stream(streaming, "stub-chunk-delay-20-count-100000");
      streaming.until("data: ");
      rig.gateway.drain(Duration.ofMillis(100));

      assertThat(streaming.untilClosed()).doesNotContain("[DONE]").doesNotEndWith("0\r\n\r\n");
    }
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }

  /** Without a length or chunks, a mere close would look like the end of the answer. */
  @Test
  void draining_resets_the_connection_of_an_answer_that_ends_with_its_connection() {
    try (RawCaller streaming = new RawCaller(rig)) {
      String body = Rig.chat("stub-chunk-delay-20-count-100000");
      streaming.send(
          RawCaller.head("POST", "chat/completions").replace("HTTP/1.1", "HTTP/1.0")
              + RawCaller.content("application/json", body));
      streaming.until("data: ");
      rig.gateway.drain(Duration.ofMillis(100));

      assertThat(streaming.untilClosed()).endsWith("<reset>");
    }
  }

  @Test
  void a_call_without_an_answer_is_told_that_the_node_stops() {
    try (RawCaller waiting = new RawCaller(rig)) {
      waiting.post("embeddings", Rig.embedding("stub-slow-first-byte-60000"));
      Rig.await(() -> rig.stub.requests().size() == 1);
      rig.gateway.drain(Duration.ofMillis(100));

      assertThat(waiting.untilClosed())
          .startsWith("HTTP/1.1 503 ")
          .contains("service_unavailable", "was stopped");
    }
    assertThat(rig.events.awaitFinished(1).code()).contains("service_unavailable");
  }

  @Test
  void a_finished_call_is_told_with_what_can_be_counted() {
    rig.post("embeddings", Rig.embedding("stub-slow-first-byte-50"));

    FinishedCall call = rig.events.awaitFinished(1);
    assertThat(call.format()).contains(WireFormat.OPENAI);
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.source()).contains(KeySource.CENTRAL);
    assertThat(call.code()).isEmpty();
    assertThat(call.providerNanos()).isGreaterThanOrEqualTo(50_000_000);
    assertThat(call.addedNanos()).isPositive();
  }

  @Test
  void a_refused_call_is_told_with_its_code() {
    rig.get("models?unlisted=1");
    rig.anonymous().get(Rig.path("models"));

    FinishedCall entitled = rig.events.awaitFinished(1);
    assertThat(entitled.status()).isEqualTo(400);
    assertThat(entitled.code()).contains("query_parameter_not_allowed");
    assertThat(entitled.providerNanos()).isZero();
    FinishedCall unknown = rig.events.awaitFinished(2);
    assertThat(unknown.format()).isEmpty();
    assertThat(unknown.source()).isEmpty();
    assertThat(unknown.code()).contains("bad_token");
  }

  @Test
  void open_answers_and_connections_are_counted_up_and_down() {
    try (RawCaller streaming = new RawCaller(rig)) {
      stream(streaming, "stub-stall-mid-stream");
      streaming.until("data: ");

      assertThat(rig.events.openAnswers()).isEqualTo(1);
      assertThat(rig.events.openConnections()).isEqualTo(1);
    }
    rig.events.await(() -> rig.events.openAnswers() == 0 && rig.events.openConnections() == 0);
  }

  @Test
  void a_caller_who_leaves_a_request_unfinished_is_not_waited_for_without_end() {
    try (Rig impatient = new Rig(s -> s.withCallerPatience(Duration.ofSeconds(1)));
        RawCaller silent = new RawCaller(impatient);
        RawCaller halfHead = new RawCaller(impatient);
        RawCaller halfBody = new RawCaller(impatient)) {
      halfHead.send("POST /gateway/services/alice/my-openai/embeddings HT");
      halfBody.send(
          "POST /gateway/services/alice/my-openai/embeddings HTTP/1.1\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\nContent-Length: 100\r\n\r\n{");

      assertThat(silent.untilClosed()).isEmpty();
      assertThat(halfHead.untilClosed()).isEmpty();
      assertThat(halfBody.untilClosed()).startsWith("HTTP/1.1 400 ").contains("request_incomplete");
    }
  }

  @Test
  void a_caller_who_only_waits_for_a_slow_provider_is_waited_for() {
    try (Rig impatient = new Rig(s -> s.withCallerPatience(Duration.ofSeconds(1)))) {
      TestResponse answer =
          impatient.post("embeddings", Rig.embedding("stub-slow-first-byte-1500"));

      assertThat(answer.status()).isEqualTo(200);
    }
  }

  private static void stream(RawCaller caller, String model) {
    String body = Rig.chat(model);
    caller.send(
        "POST /gateway/services/alice/my-openai/chat/completions HTTP/1.1\r\nAuthorization: Bearer "
            + Rig.TOKEN
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }
}
