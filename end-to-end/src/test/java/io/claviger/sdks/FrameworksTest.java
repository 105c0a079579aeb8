package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.errors.CallError;
import io.claviger.stub.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frameworks are given an address, an access token and a model, as {@code
 * docs/connecting-programs.md} says, and nothing else.
 */
@Order(2)
@Tag("thorough")
class FrameworksTest {
  private static final Path NODE = Path.of("src", "test", "node");
  private static final Path PYTHON = Path.of("src", "test", "python");
  private static final Path JAVA = Path.of("src", "test", "java", "io", "claviger", "sdks");

  private static final String NO_SUCH_MODEL =
      CallError.modelNotFound(Optional.empty(), List.of(), Optional.empty(), Optional.empty())
          .message();

  @AutoClose private static FrameworkRuns runs;

  @BeforeAll
  static void run() {
    runs = FrameworkRuns.start();
  }

  @ParameterizedTest
  @EnumSource
  void it_answers(Framework framework) {
    assertThat(answered(framework, FrameworkCase.ANSWERS).saw("text")).isEqualTo("You said: Hello");
  }

  @ParameterizedTest
  @EnumSource
  void it_answers_when_the_model_is_named_together_with_its_service(Framework framework) {
    assertThat(answered(framework, FrameworkCase.ANSWERS_BY_REFERENCE).saw("text"))
        .isEqualTo("You said: Hello");
  }

  @ParameterizedTest
  @EnumSource
  void it_streams_an_answer_in_pieces(Framework framework) {
    CaseResult streamed = answered(framework, FrameworkCase.STREAMS);
    assertThat(streamed.saw("text")).isEqualTo("You said: Hello");
    assertThat(Integer.parseInt(streamed.saw("pieces"))).isGreaterThan(1);
  }

  @ParameterizedTest
  @EnumSource
  void the_model_calls_its_tool_and_is_told_the_result(Framework framework) {
    assertThat(answered(framework, FrameworkCase.CALLS_A_TOOL).saw("text"))
        .startsWith("You said: ");
    assertThat(runs.services().arrived(framework.handle()))
        .extracting(RecordedRequest::text)
        .anySatisfy(text -> assertThat(text).contains("Sunny in Rome"));
  }

  @ParameterizedTest
  @EnumSource
  void the_tokens_of_its_calls_are_counted(Framework framework) {
    answered(framework, FrameworkCase.ANSWERS);
    List<RecordedRequest> arrived = runs.services().arrived(framework.handle());
    CountedUsage counted = runs.services().counted(framework.handle());
    assertThat(counted.requests()).isEqualTo(arrived.size()).isEqualTo(5);
    assertThat(counted.errors()).isZero();
    assertThat(counted.inputTokens()).isPositive();
    assertThat(counted.outputTokens()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void it_raises_what_the_caller_is_told(Framework framework) {
    assertThat(runs.outcome(framework, FrameworkCase.REFUSED).raised("message"))
        .contains(NO_SUCH_MODEL);
  }

  @ParameterizedTest
  @EnumSource
  void it_raises_what_the_caller_of_a_stream_is_told(Framework framework) {
    assertThat(runs.outcome(framework, FrameworkCase.STREAM_REFUSED).raised("message"))
        .contains(NO_SUCH_MODEL);
  }

  @ParameterizedTest
  @EnumSource
  void it_raises_that_a_budget_is_used_up_and_does_not_try_again(Framework framework) {
    assertThat(runs.outcome(framework, FrameworkCase.BUDGET_EXHAUSTED).raised("message"))
        .contains("Your budget on this service, 1 token a day, does not leave enough");
    assertThat(runs.services().refused(ClientServices.spent(framework.handle()))).isEqualTo(1);
  }

  @Test
  void the_provider_never_sees_an_access_token() {
    await();
    assertThat(runs.services().arrivedWithToken()).isEmpty();
  }

  @Test
  void no_key_or_token_is_left_anywhere() {
    await();
    runs.services().assertNothingLeaked();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ai-sdk.js",
        "langchain.js",
        "LangChain4j.java",
        "SpringAi.java",
        "AnthropicJava.java",
        "GeminiJava.java",
        "BedrockJava.java",
        "bedrock.js",
        "bedrock.py",
        "vertex.js"
      })
  void the_documentation_shows_the_lines_that_were_run(String file) throws IOException {
    Path directory = file.endsWith(".js") ? NODE : file.endsWith(".py") ? PYTHON : JAVA;
    String source = withoutSpace(Files.readString(directory.resolve(file)));
    assertThat(documented(file))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(source).contains(withoutSpace(line)));
  }

  /** The lines of the block that the documentation has for a file. */
  private static List<String> documented(String file) throws IOException {
    Matcher block =
        Pattern.compile("```\\w+ %s\n(.*?)\n```".formatted(Pattern.quote(file)), Pattern.DOTALL)
            .matcher(Files.readString(ClientSettings.DOCUMENT));
    return block.find() ? block.group(1).lines().toList() : List.of();
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s", "");
  }

  private static void await() {
    for (Framework framework : Framework.values()) {
      runs.outcome(framework, FrameworkCase.ANSWERS);
    }
  }

  private static CaseResult answered(Framework framework, FrameworkCase each) {
    CaseResult outcome = runs.outcome(framework, each);
    assertThat(outcome.raised()).as("%s", outcome).isFalse();
    return outcome;
  }
}
