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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The clients of the Realtime API and of the Live API, and Codex over a WebSocket, with nothing
 * changed in them.
 */
@Order(2)
@Tag("thorough")
class RealtimeClientsTest {
  /** A client of {@code realtime.js}. Those of pages use what Node has of a browser. */
  enum Client {
    OPENAI_NODE,
    OPENAI_NODE_PAGE,
    AGENTS,
    AGENTS_PAGE,
    /** Clients whose budget ends in the middle of the conversation. */
    OPENAI_NODE_BUDGET,
    GENAI_BUDGET,
    GENAI,
    /** A client that names no service, so that the model selects the service. */
    GENAI_ROOT;

    boolean hasBudget() {
      return this == OPENAI_NODE_BUDGET || this == GENAI_BUDGET;
    }

    boolean isOfLive() {
      return name().startsWith("GENAI");
    }

    String handle() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private List<String> program() {
      return this == AGENTS_PAGE
          ? List.of("--conditions=browser", "realtime.js", handle())
          : List.of("realtime.js", handle());
    }
  }

  private record Conversation(String name, String call, String url, String token, String model) {}

  private static final String MODEL = "gpt-realtime";
  private static final String CODEX_MODEL = "gpt-5-codex";

  @TempDir private static Path directory = Path.of("");
  @AutoClose private static ClientServices services;

  @AutoClose("shutdownNow")
  private static ExecutorService pool;

  private static final Map<Client, Future<CaseResult>> OUTCOMES = new EnumMap<>(Client.class);
  private static Future<Run> codex;

  @BeforeAll
  static void run() {
    pool = Executors.newFixedThreadPool(2);
    services = new ClientServices();
    for (Client client : Client.values()) {
      if (client.isOfLive()) {
        services.add(client.handle(), "gemini");
      } else {
        services.addOf(client.handle(), MODEL);
      }
      if (client.hasBudget()) {
        services.limit(client.handle(), 250_000);
      }
      OUTCOMES.put(client, pool.submit(() -> run(client)));
    }
    services.addOf(Agent.CODEX.handle(), CODEX_MODEL);
    codex = pool.submit(RealtimeClientsTest::runCodex);
  }

  private static CaseResult run(Client client) throws Exception {
    Conversation asked =
        new Conversation(
            client.handle(),
            "converse",
            services.url(client.handle()),
            services.token(),
            client.isOfLive() ? services.model(client.handle()) : MODEL);
    return NodeSdks.installed().run(client.program(), List.of(asked)).getFirst();
  }

  /** Sets Codex up as {@code claviger connect codex --service} does. */
  private static Run runCodex() throws Exception {
    String settings =
        """
        model = "%s"
        model_provider = "claviger"

        [model_providers.claviger]
        name = "Claviger"
        base_url = "%s"
        env_key = "GATEWAY_TOKEN"
        wire_api = "responses"
        supports_websockets = true
        """
            .formatted(CODEX_MODEL, services.url(Agent.CODEX.handle()));
    Path place = Files.createDirectory(directory.resolve("codex"));
    return AgentPrograms.installed()
        .edit(
            Agent.CODEX,
            new ClientSettings(
                Map.of("GATEWAY_TOKEN", services.token()), Map.of(".codex/config.toml", settings)),
            place);
  }

  private static CaseResult outcome(Client client) {
    return Awaited.result(client, Objects.requireNonNull(OUTCOMES.get(client)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ".*_BUDGET")
  void it_speaks_and_is_answered(Client client) {
    CaseResult outcome = outcome(client);
    assertThat(outcome.raised()).as("%s", outcome).isFalse();
    assertThat(outcome.saw("text")).as("%s", outcome).isEqualTo("completed");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = ".*_BUDGET")
  void a_budget_that_ends_in_the_middle_of_a_conversation_is_said_in_a_sentence(Client client) {
    CaseResult outcome = outcome(client);
    assertThat(outcome.raised("event") + outcome.raised("message"))
        .as("%s", outcome)
        .contains("Your budget on this service, ");
    assertThat(Integer.parseInt(outcome.saw("responses"))).as("%s", outcome).isBetween(1, 49);
  }

  @Test
  void pages_get_a_secret_of_the_gateway_and_the_provider_sees_none() {
    for (Client client : List.of(Client.OPENAI_NODE_PAGE, Client.AGENTS_PAGE)) {
      String secret = outcome(client).saw("secret");
      assertThat(secret).matches("ek_clv_[0-9A-Za-z]{49}");
      services.canary(secret);
    }
    assertThat(services.spoken()).isNotEmpty().noneMatch(message -> message.contains("ek_clv_"));
    services.assertNothingLeaked();
  }

  @Test
  void codex_edits_a_file_over_a_web_socket() {
    Run run = Awaited.result(Agent.CODEX, codex);
    assertThat(run.file().strip()).as("%s", run).isEqualTo("after");
    assertThat(run.ended().well()).as("%s", run).isTrue();
    assertThat(services.spoken())
        .anyMatch(message -> message.contains("response.create") && message.contains(CODEX_MODEL));
    assertThat(services.calls(Agent.CODEX.handle())).isEmpty();
  }
}
