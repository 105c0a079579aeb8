package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that state negative, missing, huge, repeated and contradictory usage. */
class LyingProvidersTest {
  private static final String MESSAGES =
      "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}";
  private static final String INPUT = "{\"model\":\"m\",\"input\":\"%s\"%s}";
  private static final String CONTENTS =
      "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]%s}";
  private static final String STREAM = ",\"stream\":true";
  private static final String OPTIONS = STREAM + ",\"stream_options\":{\"include_usage\":true}";

  @AutoClose private final Rig rig = new Rig();
  private final RecordedSpending spending = new RecordedSpending();
  private int calls;

  /** An operation: how it is called, and the names of input and output in its usage. */
  private record Operation(
      WireFormat format, String path, String body, String members, String input, String output) {}

  private static final List<Operation> OPERATIONS =
      List.of(
          chat(WireFormat.OPENAI, "chat/completions", ""),
          chat(WireFormat.OPENAI, "chat/completions", OPTIONS),
          new Operation(WireFormat.OPENAI, "responses", INPUT, "", "input_tokens", "output_tokens"),
          new Operation(
              WireFormat.OPENAI, "responses", INPUT, STREAM, "input_tokens", "output_tokens"),
          messages(""),
          messages(STREAM),
          contents("generateContent"),
          contents("streamGenerateContent?alt=sse"),
          new Operation(
              WireFormat.COHERE, "v2/chat", MESSAGES, "", "input_tokens", "output_tokens"),
          new Operation(
              WireFormat.COHERE, "v2/chat", MESSAGES, STREAM, "input_tokens", "output_tokens"),
          lines(",\"stream\":false"),
          lines(""));

  private static Operation chat(WireFormat format, String path, String members) {
    return new Operation(format, path, MESSAGES, members, "prompt_tokens", "completion_tokens");
  }

  private static Operation messages(String members) {
    return new Operation(
        WireFormat.ANTHROPIC, "v1/messages", MESSAGES, members, "input_tokens", "output_tokens");
  }

  private static Operation contents(String verb) {
    return new Operation(
        WireFormat.GEMINI,
        "v1beta/models/m:" + verb,
        CONTENTS,
        "",
        "promptTokenCount",
        "candidatesTokenCount");
  }

  private static Operation lines(String members) {
    return new Operation(
        WireFormat.OLLAMA, "api/chat", MESSAGES, members, "prompt_eval_count", "eval_count");
  }

  private CallUse use(Operation operation, String prompt) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                rig.at(operation.format())
                    .authorized("alice/my-openai")
                    .with(false, spending.reserve())));
    String body = operation.body().formatted(prompt.replace("\"", "\\\""), operation.members());
    assertThat(rig.post(operation.path(), body).status()).as(operation.path()).isEqualTo(200);
    return spending.awaitEnds(++calls).get(calls - 1).charged().orElseThrow();
  }

  /**
   * A lie in the place and with the names of the operation; Cohere states tokens further inside.
   */
  private static String lie(Operation operation, String written) {
    String lie =
        written
            .replace('\'', '"')
            .replace("IN", operation.input())
            .replace("OUT", operation.output());
    return "stub:states "
        + (operation.format() == WireFormat.COHERE ? "{\"tokens\": %s}".formatted(lie) : lie);
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("{'IN': -5, 'OUT': -7}", -1, -1),
        Arguments.of("{}", -1, -1),
        Arguments.of("{'IN': '5', 'OUT': ['7']}", -1, -1),
        Arguments.of("{'IN': 5e3, 'OUT': 7E1}", -1, -1),
        Arguments.of("{'x': {'IN': 5, 'OUT': 7}, 'usage': {'IN': 5, 'OUT': 7}}", -1, -1),
        Arguments.of("{'IN': 1, 'OUT': 2, 'IN': 30, 'OUT': 40}", 30, 40),
        Arguments.of("{'IN': 30, 'OUT': 40, 'IN': -1, 'OUT': 'x'}", 30, 40),
        Arguments.of(
            "{'IN': 99999999999999999999, 'OUT': 2147483648}",
            Integer.MAX_VALUE,
            Integer.MAX_VALUE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void of_lies_the_last_number_counts_and_what_is_no_number_is_estimated(
      String lie, long input, long output) {
    for (Operation each : OPERATIONS) {
      CallUse use = use(each, lie(each, lie));

      if (input < 0) {
        assertThat(use.evidence()).as("%s", each).isEqualTo(Evidence.UNKNOWN);
        assertThat(use.usage().input()).as("%s", each).isPositive();
        assertThat(use.usage().output()).as("%s", each).isPositive();
        assertThat(use.usage().estimated().requests()).as("%s", each).isEqualTo(1);
      } else {
        assertThat(use.evidence()).as("%s", each).isEqualTo(Evidence.STATED);
        assertThat(use.usage().input()).as("%s", each).isEqualTo(input);
        assertThat(use.usage().output()).as("%s", each).isEqualTo(output);
      }
      assertThat(use.fees()).isEqualTo(FeesUsed.NONE);
    }
  }

  @Test
  void the_tier_the_model_and_the_fees_of_each_format_are_those_of_the_answer() {
    for (Operation each : OPERATIONS) {
      CallUse use =
          use(each, "stub:tier flex stub:answers-as other stub:usage web_search=2 grounding=3");
      boolean hasTiers = each.format() != WireFormat.COHERE && each.format() != WireFormat.OLLAMA;

      assertThat(use.tier().equals(Optional.of(ServiceTier.FLEX)))
          .as("%s", each)
          .isEqualTo(hasTiers);
      assertThat(use.answeredBy())
          .as("%s", each)
          .isEqualTo(
              each.format() == WireFormat.COHERE ? UsageModel.UNKNOWN : new UsageModel("other"));
      boolean searches =
          List.of("responses", "v1/messages", "chat/completions").contains(each.path());
      assertThat(use.fees().count(FeeKind.WEB_SEARCH)).as("%s", each).isEqualTo(searches ? 2 : 0);
      assertThat(use.fees().count(FeeKind.GROUNDING))
          .as("%s", each)
          .isEqualTo(each.format() == WireFormat.GEMINI ? 3 : 0);
    }
  }

  @Test
  void what_a_model_writes_about_usage_does_not_count() {
    String written =
        "{\"usage\":{\"prompt_tokens\":9999,\"input_tokens\":9999,\"server_tool_use\":"
            + "{\"web_search_requests\":99}},\"service_tier\":\"priority\",\"usageMetadata\":"
            + "{\"promptTokenCount\":9999},\"output\":[{\"type\":\"web_search_call\",\"id\":\"w\"}]}";
    for (Operation each : OPERATIONS) {
      CallUse use = use(each, written);

      assertThat(use.usage().input()).as("%s", each).isLessThan(1_000);
      assertThat(use.tier().filter(ServiceTier.PRIORITY::equals)).as("%s", each).isEmpty();
      assertThat(use.fees()).as("%s", each).isEqualTo(FeesUsed.NONE);
    }
  }
}
