package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.commands.Machine.Result;
import io.claviger.journeys.Api;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that are run with a narrow token; they are shells here. */
@SharedMachines
class RunCommandTest {
  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private Api alice = machines.journey.user(machines.node, "alice");

  @TempDir private Path directory = Path.of("");
  private Machine machine = new Machine(directory);
  private Path written = directory;

  @BeforeAll
  void register() {
    for (String standard :
        List.of("openai", "anthropic", "gemini", "cohere", "bedrock", "vertex", "azure-openai")) {
      String endpoint = machines.journey.provider().baseUrl();
      alice
          .put(
              "/v1/llm-services/alice/" + standard,
              Map.of(
                  "api_standard",
                  standard,
                  "endpoint",
                  standard.equals("openai") ? endpoint + "/v1" : endpoint,
                  "model",
                  "parrot-" + standard,
                  "api_key",
                  machines.journey.key(standard)))
          .isStatus(201);
    }
  }

  @BeforeEach
  void signIn() {
    machine = new Machine(directory.resolve("home"));
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(12)));
    written = directory.resolve("written");
  }

  private Result runShell(String script) {
    return machine.run("run", "--service", "openai", "sh", "-c", script);
  }

  private Map<String, String> environmentOf(String... options) throws IOException {
    List<String> arguments = new java.util.ArrayList<>(List.of("run"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--", "sh", "-c", "env > " + written));
    machine.run(arguments.toArray(String[]::new)).done();
    return Files.readAllLines(written).stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(each -> each[0], each -> each[1]));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, OPENAI_BASE_URL, OPENAI_API_KEY",
    "anthropic, ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN",
    "gemini, GOOGLE_GEMINI_BASE_URL, GEMINI_API_KEY",
    "cohere, CO_API_URL, CO_API_KEY",
    "bedrock, AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_BEARER_TOKEN_BEDROCK",
    "bedrock, AWS_ENDPOINT_URL_BEDROCK, AWS_BEARER_TOKEN_BEDROCK",
    "vertex, GOOGLE_VERTEX_BASE_URL, GOOGLE_API_KEY",
    "vertex, GOOGLE_GEMINI_BASE_URL, GOOGLE_API_KEY",
    "azure-openai, AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY"
  })
  void a_program_gets_what_the_sdk_of_the_services_format_reads(
      String service, String url, String token) throws IOException {
    Map<String, String> environment = environmentOf("--service", service);
    assertThat(environment.get(url)).endsWith("/gateway/services/alice/" + service);
    assertThat(environment.get(token)).startsWith("clv_");
  }

  /** Boto3 reads only the second variable, and most other SDKs of AWS only the first. */
  @ParameterizedTest
  @CsvSource({
    ", , us-east-1, us-east-1",
    "eu-west-1, , eu-west-1, eu-west-1",
    ", eu-west-2, eu-west-2, eu-west-2",
    "eu-west-1, eu-west-2, eu-west-1, eu-west-2",
  })
  void the_sdks_of_aws_find_a_region_and_that_of_the_person_stays(
      @Nullable String region, @Nullable String usual, String found, String usualFound)
      throws IOException {
    if (region != null) {
      machine.environment().put("AWS_REGION", region);
    }
    if (usual != null) {
      machine.environment().put("AWS_DEFAULT_REGION", usual);
    }
    assertThat(environmentOf("--service", "bedrock"))
        .containsEntry("AWS_REGION", found)
        .containsEntry("AWS_DEFAULT_REGION", usualFound);
  }

  @Test
  void a_models_name_leads_to_the_format_that_knows_it() throws IOException {
    Map<String, String> environment = environmentOf("--model", "alice/gemini");
    assertThat(environment.get("GOOGLE_GEMINI_BASE_URL")).endsWith("/gateway/gemini");
    assertThat(environment).containsEntry("GEMINI_MODEL", "alice/gemini");
    assertThat(machine.run("run", "--model", "unheard-of", "--", "true").failed().err())
        .contains("no model of this name");
  }

  @Test
  void no_key_or_route_of_a_provider_is_passed_on_and_all_else_is() throws IOException {
    machine
        .environment()
        .putAll(
            Map.of(
                "ANTHROPIC_API_KEY", "sk-1",
                "OPENAI_ORG_ID", "org",
                "GOOGLE_API_KEY", "sk-2",
                "CLAUDE_CODE_USE_BEDROCK", "1",
                "CLAVIGER_ADMIN_TOKEN", "sk-3",
                "AZURE_OPENAI_ENDPOINT", "https://elsewhere",
                "EDITOR", "ed",
                "OPENAI_LOG", "debug"));
    Map<String, String> environment = environmentOf("--service", "anthropic");
    assertThat(environment)
        .containsEntry("EDITOR", "ed")
        .containsEntry("OPENAI_LOG", "debug")
        .doesNotContainKeys(
            "ANTHROPIC_API_KEY",
            "OPENAI_ORG_ID",
            "GOOGLE_API_KEY",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAVIGER_ADMIN_TOKEN",
            "AZURE_OPENAI_ENDPOINT",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL");
  }

  @Test
  void the_token_calls_the_service_and_ends_with_the_program() throws IOException {
    Result result =
        runShell(
            "echo $OPENAI_API_KEY > "
                + written
                + "; curl -sf -o /dev/null $OPENAI_BASE_URL/chat/completions -H \"Authorization:"
                + " Bearer $OPENAI_API_KEY\" -H 'Content-Type: application/json' -d '{\"model\":"
                + " \"parrot-openai\", \"messages\": []}'");
    result.done();
    assertThat(result.err()).isEmpty();
    String token = machines.journey.token(Files.readString(written).strip());
    alice.holding(token).get("/v1/me").isStatus(401);
  }

  @Test
  void a_program_that_ignores_the_variables_is_named() throws IOException {
    Path codex = Files.writeString(directory.resolve("codex"), "#!/bin/sh\nexit 0\n");
    assertThat(codex.toFile().setExecutable(true)).isTrue();
    assertThat(machine.run("run", "--service", "openai", "--", codex.toString()).done().err())
        .contains("codex reads no address from its environment", "claviger connect codex");
  }

  @Test
  void the_exit_code_is_that_of_the_program() {
    assertThat(runShell("exit 7").exitCode()).isEqualTo(7);
    assertThat(runShell("kill -9 $$").exitCode()).isEqualTo(137);
    assertThat(machine.run("run", "--service", "openai", "--", "no-such-program").exitCode())
        .isEqualTo(127);
  }

  @Test
  void a_session_that_ends_in_the_middle_is_told_at_the_end() {
    Result result =
        runShell(
            "curl -s -X DELETE %s/v1/me/token -H \"Authorization: Bearer $OPENAI_API_KEY\"; exit 3"
                .formatted(machines.node.api()));
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("had ended before the program did");
  }

  @Test
  void a_service_or_a_model_has_to_be_named() {
    assertThat(machine.run("run", "--", "true").failed().err()).contains("--service REF");
    alice.put("/v1/users/alice/default-service", Map.of("service", "alice/openai")).isStatus(201);
    machine.run("run", "--", "true").done();
    alice.delete("/v1/users/alice/default-service").isStatus(204);
  }

  @Test
  void connect_writes_only_settings_that_can_work() {
    assertThat(machine.run("connect", "codex", "--model", "none/such", "-y").err())
        .contains("there is no model none/such", "Name one of these: ");
    assertThat(machine.run("connect", "codex", "--service", "anthropic", "-y").err())
        .contains("alice/anthropic speaks the API anthropic, but codex needs openai");
    assertThat(directory.resolve("home").resolve(".codex")).doesNotExist();

    String connected =
        machine
            .run("connect", "codex", "--service", "openai", "--model", "alice/openai/any", "-y")
            .done()
            .out();

    assertThat(connected).contains("On this server, the model is called any.", "+ model = \"any\"");
  }

  @Test
  void after_the_program_it_says_where_to_ask_for_more_if_a_budget_is_used_up() {
    Api bob = machines.journey.user(machines.node, "bob");
    String share = "/v1/llm-services/alice/openai/shares/bob";
    Map<String, Object> one = Map.of("amount", 1, "unit", "requests", "window", "total");
    alice
        .put(share, Map.of("role", "reader", "limits", Map.of("budgets", List.of(one))))
        .isStatus(201);
    Machine borrowing = new Machine(directory.resolve("borrowing"));
    borrowing.signedIn(machines.byDevice("bob", Duration.ofHours(12)));
    String[] run = {"run", "--service", "alice/openai", "--", "true"};
    assertThat(borrowing.run(run).done().err()).doesNotContain("refused");

    bob.embed("alice/openai").isStatus(200);
    Result after = borrowing.run(run).done();

    assertThat(after.err())
        .contains("calls of alice/openai are refused: budget_exhausted.")
        .contains("claviger: ask the owner for it: http");
    TestResponse refused = bob.embed("alice/openai");
    assertThat(refused.isRefused(402, "budget_exhausted").text("/error/message"))
        .endsWith(" Ask the owner for it: " + refused.header("X-Claviger-Request"));
    alice.delete(share).isStatus(204);
  }
}
