package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.errors.CallError;
import io.claviger.sdks.AgentPrograms.Run;
import io.claviger.stub.RecordedRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Coding agents that are set up as {@code docs/connecting-programs.md} tells people to, and in no
 * other way.
 */
@Order(2)
@Tag("thorough")
class AgentsTest {
  private static final String NO_SUCH_MODEL =
      CallError.modelNotFound(Optional.empty(), List.of(), Optional.empty(), Optional.empty())
          .message();

  @TempDir private static Path directory = Path.of("");
  @AutoClose private static AgentRuns runs;

  @BeforeAll
  static void run() {
    runs = AgentRuns.start(directory);
  }

  @ParameterizedTest
  @EnumSource
  void it_edits_a_file_when_the_model_calls_its_tool(Agent agent) {
    assertThat(inTime(runs.permitted(agent)).file().strip()).isEqualTo("after");
  }

  @ParameterizedTest
  @EnumSource
  void it_prints_what_the_model_answers(Agent agent) {
    Run run = inTime(runs.permitted(agent));
    assertThat(run.ended().well()).as("%s", run).isTrue();
    assertThat(run.ended().output()).contains("You said: ");
  }

  @ParameterizedTest
  @EnumSource
  void it_streams(Agent agent) {
    runs.permitted(agent);
    if (usesWebSocket(agent)) {
      assertThat(runs.services().calls(agent.handle())).as("beside the WebSocket").isEmpty();
    } else {
      assertThat(runs.services().calls(agent.handle())).isNotEmpty().allMatch(AgentsTest::streams);
    }
  }

  private static boolean usesWebSocket(Agent agent) {
    return agent == Agent.CODEX || agent == Agent.CODEX_BUILT_IN;
  }

  private static boolean streams(RecordedRequest request) {
    return request.text().contains("\"stream\":true")
        || request.uri().contains(":streamGenerateContent?alt=sse")
        || request.uri().endsWith(":streamRawPredict")
        || request.uri().endsWith("/invoke-with-response-stream");
  }

  @ParameterizedTest
  @EnumSource
  void the_tokens_of_its_calls_are_counted(Agent agent) {
    runs.permitted(agent);
    CountedUsage counted = runs.services().counted(agent.handle());
    if (!usesWebSocket(agent)) {
      assertThat(counted.requests()).isEqualTo(runs.services().calls(agent.handle()).size());
    }
    assertThat(counted.errors()).isZero();
    assertThat(counted.inputTokens()).isPositive();
    assertThat(counted.outputTokens()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void it_shows_why_a_caller_is_refused(Agent agent) {
    Run run = inTime(runs.refused(agent));
    assertThat(run.ended().well()).as("%s", run).isFalse();
    assertThat(run.ended().output() + run.ended().errors())
        .contains(agent.shownInsteadOf(NO_SUCH_MODEL));
    assertThat(run.file()).isEqualTo("before");
  }

  @ParameterizedTest
  @EnumSource
  void it_shows_that_a_budget_is_used_up_and_stops(Agent agent) {
    Run run = inTime(runs.spent(agent));
    assertThat(run.ended().well()).as("%s", run).isFalse();
    assertThat(run.ended().output() + run.ended().errors())
        .contains("Your budget on this service, 1 token a day, does not leave enough");
    assertThat(run.file()).isEqualTo("before");
    assertThat(runs.services().refused(ClientServices.spent(agent.handle())))
        .as("calls of one run, %s", run)
        .isLessThanOrEqualTo(agent.callsBeforeItStops());
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

  private static void await() {
    for (Agent agent : Agent.values()) {
      runs.permitted(agent);
      runs.refused(agent);
      runs.spent(agent);
    }
  }

  private static Run inTime(Run run) {
    assertThat(run.took()).as("%s", run).isLessThan(AgentPrograms.PATIENCE);
    return run;
  }
}
