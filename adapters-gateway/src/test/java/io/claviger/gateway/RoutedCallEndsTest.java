package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.claviger.gateway.head.BodySizes;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What is left of calls on the URLs that name no service: their usage, and nothing in memory. */
@Isolated("It counts the open buffers of the whole JVM.")
class RoutedCallEndsTest {
  private static final String CHAT = "/gateway/openai/v1/chat/completions";

  @Test
  void a_stream_is_asked_for_its_usage_where_the_target_states_it() {
    try (Rig rig = new Rig()) {
      rig.lend(rig.at(WireFormat.OPENAI).streamingUsage());
      rig.routing.lead("fast", "alice/my-openai", "parrot-small");

      TestResponse answer =
          rig.client().send("POST", CHAT, BodyPublishers.ofString(Rig.chat("fast")));

      assertThat(answer.body()).contains("[DONE]").doesNotContain("prompt_tokens");
      assertThat(rig.stub.requests().get(0).text())
          .startsWith("{\"stream_options\":{\"include_usage\":true},\"model\":\"parrot-small\"");
      RecordedUse used = rig.events.awaitFinished(1).used().orElseThrow();
      assertThat(used.model()).isEqualTo(UsageModel.called("parrot-small"));
      UsageCounts counts = used.counts();
      assertThat(counts.inputTokens()).isPositive();
      assertThat(counts.outputTokens()).isPositive();
    }
  }

  @Test
  void a_stream_is_not_asked_where_the_target_does_not_know_how() {
    try (Rig rig = new Rig()) {
      rig.routing.lead("fast", "alice/my-openai", "parrot-small");

      rig.client().send("POST", CHAT, BodyPublishers.ofString(Rig.chat("fast")));

      assertThat(rig.stub.requests().get(0).text()).isEqualTo(Rig.chat("parrot-small"));
    }
  }

  @Test
  void no_buffer_and_no_secret_is_left_however_a_call_ends() {
    long before = OpenBuffers.count();
    Rig rig = new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMostHeld(50_000)));
    rig.routing.lead("fast", "alice/my-openai", "parrot-small");
    rig.routing.lead("broken", "alice/my-openai", "stub-reset");
    rig.routing.leadToAll(
        "two",
        TestRouting.target("alice/a", "stub-status-503"),
        TestRouting.target("alice/b", "stub-status-429"));
    rig.routing.leadToAll(
        "poor",
        TestRouting.target("alice/c", "stub-dashes-100000"),
        TestRouting.target("alice/d", "parrot-small"));
    int calls = 0;
    for (String model : new String[] {"fast", "broken", "two", "two", "poor", "none", "\\u0000"}) {
      rig.client()
          .send(
              "POST",
              "/gateway/openai/v1/embeddings",
              BodyPublishers.ofString(Rig.embedding(model)));
      calls++;
    }
    String large = Rig.embedding("fast").replace("hello", "x".repeat(60_000));
    rig.client().send("POST", "/gateway/openai/v1/embeddings", BodyPublishers.ofString(large));
    leaveAmid(rig, large);
    rig.events.awaitFinished(calls + 2);

    assertThat(rig.authorizer.handedOut())
        .allSatisfy(
            call ->
                assertThatThrownBy(() -> call.key().orElseThrow().lend(bytes -> bytes.length))
                    .isInstanceOf(IllegalStateException.class));
    rig.close();
    OpenBuffers.awaitAtMost(before);
  }

  private static void leaveAmid(Rig rig, String body) {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          "POST /gateway/openai/v1/embeddings HTTP/1.1\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\nContent-Length: 40000\r\nExpect: 100-continue\r\n\r\n");
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      caller.send(body.substring(0, 30_000));
      caller.reset();
    }
  }
}
