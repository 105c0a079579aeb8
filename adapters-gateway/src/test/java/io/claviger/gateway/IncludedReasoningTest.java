package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in which the gateway asks for the reasoning, because it is not stored. */
@Isolated("It counts the open buffers of the whole JVM.")
class IncludedReasoningTest {
  private static final NamingRules RULES =
      new NamingRules(PromptCache.SHARED, Attribution.OFF, Set.of(CallerField.RESPONSE_STORE));

  private static final String INCLUDE = "\"include\":[\"reasoning.encrypted_content\"]";

  @AutoClose
  private final Rig rig =
      new Rig(settings -> settings.withReasoning((endpoint, model) -> !model.equals("plain")));

  private final RecordedSpending spending = new RecordedSpending();

  @BeforeEach
  void lend() {
    TestService lent = rig.at(WireFormat.OPENAI).naming(RULES);
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                lent.authorized("alice/my-openai").with(false, spending.reserve())));
  }

  /** Answers calls of the caller as the default settings of a gateway do. */
  private static void lendTo(Rig other, User.Id caller) {
    other.lend(other.at(WireFormat.OPENAI).naming(RULES).calledBy(caller));
  }

  private static List<String> sentBy(Rig other) {
    return other.stub.requests().stream().map(RecordedRequest::text).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-5.2", "gpt-5.5", "my-deployment", "thinking-7", "grok-4"})
  void a_model_that_no_list_knows_is_asked_for_its_reasoning(String model) {
    try (Rig other = new Rig()) {
      lendTo(other, TestService.CALLER);

      assertThat(other.post("responses", body(model, "")).status()).isEqualTo(200);

      assertThat(sentBy(other)).singleElement().asString().contains(INCLUDE, "\"store\":false");
    }
  }

  @Test
  void the_reasoning_of_an_unknown_model_can_be_sent_back() {
    try (Rig other = new Rig()) {
      lendTo(other, TestService.CALLER);
      String output =
          other.post("responses", body("thinking-7", "")).json().get("output").toString();

      TestResponse second =
          other.post("responses", "{\"model\":\"thinking-7\",\"input\":%s}".formatted(output));

      assertThat(second.status()).as(second.body()).isEqualTo(200);
    }
  }

  @Test
  void a_refusal_is_remembered_for_the_caller_and_the_model() {
    try (Rig other = new Rig()) {
      lendTo(other, TestService.CALLER);
      for (int i = 0; i < 3; i++) {
        assertThat(other.post("responses", body("gpt-4-mine", "")).status()).isEqualTo(200);
      }
      assertThat(sentBy(other)).hasSize(4);
      assertThat(sentBy(other).getLast()).doesNotContain("include");

      assertThat(other.post("responses", body("gpt-4-other", "")).status()).isEqualTo(200);
      assertThat(sentBy(other)).hasSize(6);

      String more = ",\"include\":[\"message.output_text.logprobs\"]";
      for (int i = 0; i < 2; i++) {
        assertThat(other.post("responses", body("gpt-4-more", more)).status()).isEqualTo(200);
      }
      assertThat(sentBy(other)).as("the other value may be the reason").hasSize(10);

      lendTo(other, TestService.OWNER);
      assertThat(other.post("responses", body("gpt-4-mine", "")).status()).isEqualTo(200);
      assertThat(sentBy(other)).hasSize(12);
    }
  }

  private static String body(String model, String more) {
    return "{\"model\":\"%s\",\"input\":\"hello\"%s}".formatted(model, more);
  }

  private List<String> sent() {
    return rig.stub.requests().stream().map(RecordedRequest::text).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/services/alice/my-openai/, ''",
    "/gateway/services/alice/my-openai/, ',\"stream\":true'",
    "/gateway/openai/v1/, ''",
    "/gateway/openai/v1/, ',\"stream\":true'"
  })
  void a_provider_that_refuses_it_is_asked_once_more_without_it(String base, String more) {
    rig.routing.lead("gpt-4-mine", "alice/my-openai", "gpt-4-theirs");

    TestResponse answer =
        rig.client()
            .send("POST", base + "responses", BodyPublishers.ofString(body("gpt-4-mine", more)));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("response");
    assertThat(answer.values("x-claviger-store")).containsExactly("none");
    assertThat(sent()).hasSize(2);
    assertThat(sent().getFirst()).contains(INCLUDE, "\"store\":false", "\"input\":\"hello\"");
    assertThat(sent().getLast())
        .doesNotContain("include")
        .contains("\"store\":false", "\"input\":\"hello\"");
    assertThat(spending.awaitEnds(1))
        .singleElement()
        .satisfies(end -> assertThat(end.failed()).isFalse())
        .satisfies(end -> assertThat(end.charged()).isPresent());
    assertThat(rig.events.awaitFinished(1).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"stub-status-429, gpt-4-mine, 3", "gpt-4-mine, o3, 2"})
  void a_call_that_moves_on_to_another_target_is_repeated_there(
      String first, String second, int requests) {
    rig.routing.leadToAll(
        "m", TestRouting.target("alice/a", first), TestRouting.target("alice/b", second));

    TestResponse answer =
        rig.client()
            .send("POST", "/gateway/openai/v1/responses", BodyPublishers.ofString(body("m", "")));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(sent()).hasSize(requests);
    assertThat(sent().getLast()).doesNotContain("include").contains("\"model\":\"gpt-4-mine\"");
  }

  @Test
  void a_provider_that_takes_it_is_asked_once() {
    TestResponse answer = rig.post("responses", body("o3", ""));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("encrypted_content");
    assertThat(sent()).singleElement().asString().contains(INCLUDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-status-400", "stub-status-500", "stub-status-429"})
  void any_other_refusal_passes(String model) {
    TestResponse answer = rig.post("responses", body(model, ""));

    assertThat(answer.status()).isEqualTo(Integer.parseInt(model.substring(12)));
    assertThat(sent()).hasSize(1);
    assertThat(spending.awaitEnds(1))
        .singleElement()
        .satisfies(end -> assertThat(end.failed()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"include\":[\"reasoning.encrypted_content\"]",
        ",\"include\":[\"reasoning.encrypted_content\"],\"store\":false"
      })
  void what_the_caller_asks_for_is_refused_as_the_provider_refuses_it(String more) {
    TestResponse answer = rig.post("responses", body("gpt-4-mine", more));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("Encrypted content is not supported");
    assertThat(sent()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-reset", "stub-half-header"})
  void a_connection_that_breaks_ends_the_call(String model) {
    TestResponse answer = rig.post("responses", body(model, ""));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(sent()).hasSize(1);
    assertThat(spending.awaitEnds(1)).hasSize(1);
  }

  @Test
  void the_body_is_given_back_once_the_answer_begins() {
    long before = OpenBuffers.count();
    try (Rig other = new Rig(settings -> settings.withReasoning((endpoint, model) -> true))) {
      other.lend(other.at(WireFormat.OPENAI).naming(RULES));
      for (String model : List.of("gpt-4-mine", "o3", "stub-status-400", "stub-reset")) {
        TestResponse unused =
            other.post(
                "responses", body(model, ",\"instructions\":\"" + "x".repeat(40_000) + "\""));
      }
    }
    OpenBuffers.awaitAtMost(before);
  }
}
