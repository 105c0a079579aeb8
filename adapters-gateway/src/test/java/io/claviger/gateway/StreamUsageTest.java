package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams are asked for their usage, and what nobody but the gateway asked for is taken out. */
class StreamUsageTest {
  private static final String CHAT = "chat/completions";
  private static final String ASKED = "{\"stream_options\":{\"include_usage\":true},";

  @AutoClose private final Rig rig = new Rig();

  @BeforeEach
  void lend() {
    rig.lend(rig.at(WireFormat.OPENAI).streamingUsage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_caller_gets_what_an_unasked_provider_sends_and_the_usage_is_counted(boolean chunked) {
    String body = Rig.chat("m");
    TestResponse answer =
        chunked ? rig.postChunked(CHAT, body.getBytes(UTF_8)) : rig.post(CHAT, body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"choices\": [{", "\"usage\": null", "data: [DONE]")
        .doesNotContain("\"choices\": []", "prompt_tokens");
    assertThat(seen().text()).isEqualTo(body.replaceFirst("\\{", quoted(ASKED)));
    UsageCounts counts = counts(1);
    assertThat(counts.inputTokens()).isPositive();
    assertThat(counts.outputTokens()).isPositive();
    assertThat(counts.bytesIn()).isEqualTo(body.length());
  }

  private static String quoted(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }

  @Test
  void the_announced_length_is_that_of_the_edited_body() {
    rig.post(CHAT, Rig.chat("m"));

    assertThat(seen().header("content-length"))
        .isEqualTo(Integer.toString(Rig.chat("m").length() + ASKED.length() - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"messages\":[]}",
        "{\"model\":\"m\",\"stream\":false}",
        "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false}}",
        "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"model\":\"m\",\"stream\":true",
        "no JSON"
      })
  void what_can_not_be_asked_for_or_was_passes_as_it_came(String body) {
    rig.lend(rig.at(WireFormat.OPENAI).streamingUsage().from(KeySource.USER));
    TestResponse answer = rig.post(CHAT, body);

    assertThat(seen().text()).isEqualTo(body);
    assertThat(answer.body().contains("\"choices\": []"))
        .isEqualTo(body.contains("\"include_usage\":true"));
  }

  @ParameterizedTest
  @CsvSource({"embeddings", "completions", "responses"})
  void bodies_of_other_operations_are_not_held(String operation) {
    String body = "{\"model\":\"m\",\"input\":\"a\",\"prompt\":\"a\",\"stream\":true}";
    rig.post(operation, body);

    assertThat(seen().text()).isEqualTo(body);
  }

  @Test
  void a_service_whose_provider_does_not_know_the_field_is_not_asked() {
    rig.lend(rig.at(WireFormat.OPENAI));
    rig.post(CHAT, Rig.chat("m"));

    assertThat(seen().text()).isEqualTo(Rig.chat("m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "completions"})
  void where_models_are_limited_both_are_done_at_once(String operation) {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI).streamingUsage(), "m");
    String body = "{\"model\":\"m\",\"prompt\":\"a\",\"messages\":[],\"stream\":true}";
    TestResponse answer = rig.post(operation, body);

    assertThat(seen().text()).startsWith(ASKED);
    assertThat(answer.body()).contains("[DONE]").doesNotContain("\"choices\": []");
    assertThat(counts(1).inputTokens()).isPositive();
    assertThat(rig.post(operation, body.replace("\"m\"", "\"x\"")).status()).isEqualTo(403);
  }

  @Test
  void a_body_beyond_what_is_held_passes_as_it_is() {
    rig.lend(rig.at(WireFormat.OPENAI).streamingUsage().from(KeySource.USER));
    String body = "{\"model\":\"m\",\"stream\":true,\"a\":\"" + "x".repeat(17 << 20) + "\"}";
    byte[] bytes = body.getBytes(UTF_8);

    assertThat(rig.post(CHAT, body).status()).isEqualTo(200);
    assertThat(rig.postChunked(CHAT, bytes).status()).isEqualTo(200);
    assertThat(rig.stub.requests())
        .hasSize(2)
        .allMatch(request -> request.bodyBytes() == bytes.length)
        .allMatch(request -> request.text().startsWith("{\"model\""));
  }

  private RecordedRequest seen() {
    return rig.stub.requests().get(0);
  }

  private UsageCounts counts(int call) {
    return rig.events.awaitFinished(call).used().orElseThrow().counts();
  }
}
