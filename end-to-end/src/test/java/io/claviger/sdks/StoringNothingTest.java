package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.sdks.AgentPrograms.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs talk for several turns with a model that reasons and calls a tool, over a service that
 * lends no storage. They are in their default modes, in which the provider would store what was
 * said.
 */
@Order(2)
@Tag("thorough")
class StoringNothingTest {
  /** A program of {@code turns.js}, and whether it can send back what the service did not store. */
  enum Program {
    AGENTS_SDK(true, true),
    AI_SDK(false, false),
    AI_SDK_STORING_NOTHING(true, true),
    LANGCHAIN(true, true),
    LANGCHAIN_RESPONSES(true, true);

    private final boolean talks;
    private final boolean talksToReasoning;

    Program(boolean talks, boolean talksToReasoning) {
      this.talks = talks;
      this.talksToReasoning = talksToReasoning;
    }

    String handle() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String reasoning() {
      return "gpt-5-" + handle();
    }
  }

  private record Turns(String name, String call, String url, String token, String model) {}

  private static final String CODEX_MODEL = "gpt-5-codex";

  @TempDir private static Path directory = Path.of("");
  @AutoClose private static ClientServices services;

  @AutoClose("shutdownNow")
  private static ExecutorService pool;

  private static final Map<Program, Future<List<CaseResult>>> OUTCOMES =
      new EnumMap<>(Program.class);
  private static Future<Run> codex;

  @BeforeAll
  static void run() {
    pool = Executors.newFixedThreadPool(2);
    services = new ClientServices();
    services.addStoring(Agent.CODEX.handle(), CODEX_MODEL);
    codex = pool.submit(StoringNothingTest::runCodex);
    for (Program program : Program.values()) {
      services.addStoring(program.handle(), services.model(program.handle()));
      services.addStoring(program.handle() + "-reasoning", program.reasoning());
      OUTCOMES.put(program, pool.submit(() -> run(program)));
    }
  }

  private static List<CaseResult> run(Program program) throws Exception {
    List<Turns> turns =
        Stream.of(services.model(program.handle()), program.reasoning())
            .map(
                model ->
                    new Turns(
                        model,
                        "turns",
                        services.clavigerUrl() + "/gateway/openai/v1",
                        services.token(),
                        model))
            .toList();
    return NodeSdks.installed().run(List.of("turns.js", program.handle()), turns);
  }

  private static Run runCodex() throws Exception {
    ClientSettings settings =
        ClientSettings.of(
            Agent.CODEX.handle(),
            Map.of(
                "GATEWAY_URL",
                services.clavigerUrl(),
                "GATEWAY_TOKEN",
                services.token(),
                "MODEL",
                CODEX_MODEL));
    Path place = Files.createDirectory(directory.resolve("codex"));
    return AgentPrograms.installed().edit(Agent.CODEX, settings, place);
  }

  private static CaseResult outcome(Program program, String model) {
    return Awaited.result(program, Objects.requireNonNull(OUTCOMES.get(program))).stream()
        .filter(each -> each.name().equals(model))
        .findFirst()
        .orElseThrow();
  }

  private static void assertTalked(boolean expected, CaseResult outcome) {
    if (expected) {
      assertThat(outcome.raised()).as("%s", outcome).isFalse();
      assertThat(outcome.saw("text")).isEqualTo("You said: Thanks");
    } else {
      assertThat(outcome.raised("message"))
          .contains("This service stores nothing; send the items themselves (AI SDK: ");
      assertThat(outcome.raised("status")).isEqualTo("404");
    }
  }

  @ParameterizedTest
  @EnumSource
  void it_talks_for_several_turns_or_says_what_to_set(Program program) {
    assertTalked(program.talks, outcome(program, services.model(program.handle())));
  }

  @ParameterizedTest
  @EnumSource
  void with_a_model_that_reasons_it_talks_or_says_what_to_set(Program program) {
    assertTalked(program.talksToReasoning, outcome(program, program.reasoning()));
  }

  @Test
  void codex_edits_a_file_with_a_model_that_reasons() {
    Run run = Awaited.result(Agent.CODEX, codex);
    assertThat(run.file().strip()).as("%s", run).isEqualTo("after");
    assertThat(run.ended().well()).as("%s", run).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_left_at_the_provider(Program program) {
    outcome(program, program.reasoning());
    for (String client : List.of(program.handle(), program.handle() + "-reasoning")) {
      assertThat(services.arrived(client)).isNotEmpty();
      assertThat(services.stored(client)).isEmpty();
    }
  }
}
