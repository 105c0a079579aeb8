package io.claviger.client.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.ClientProgram;
import io.claviger.client.connect.ClientSetups.ConnectedService;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.GatewayUrl;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.StandardTerminal;
import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.node.ObjectNode;

/** A server, or somebody who lends a model, chooses texts that would stand in settings. */
class ConnectCommandTest {
  private static final String TOKEN = "clv_a-secret";

  @TempDir private Path home = Path.of("");
  @AutoClose private final LocalHttp server = new LocalHttp();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> presented = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setHome() {
    environment.put("HOME", home.toString());
  }

  private void answering(ObjectNode answer) {
    server.serve(
        "/",
        exchange -> {
          presented.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          LocalHttp.answer(exchange, 200, "application/json", JsonTrees.bytes(answer));
        });
  }

  private ProgramContext context() {
    return new ProgramContext(
        environment, new StandardTerminal(Map.of()), Clock.systemUTC(), "0.2.0");
  }

  /** Runs the command and returns what it printed, after its exit code. */
  private String connect(String... arguments) {
    SavedSignIns.of(context())
        .add(
            "here",
            new SavedSignIn(
                URI.create(server.url()),
                "alice",
                "use",
                TOKEN,
                Optional.empty(),
                Optional.empty(),
                Map.of()));
    List<String> words = new ArrayList<>(List.of("connect", "--yes"));
    words.addAll(List.of(arguments));
    StringWriter printed = new StringWriter();
    CommandLine line = ClientProgram.of("connect", context());
    line.setOut(new PrintWriter(printed, true));
    line.setErr(new PrintWriter(printed, true));
    return line.execute(words.toArray(String[]::new)) + " " + printed;
  }

  private List<Path> written() {
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(home.resolve(".config").resolve("claviger")))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode listing(String model) {
    ObjectNode answer = JsonTrees.object().put("gateway", server.url() + "/gateway");
    answer.putArray("data").addObject().put("id", model);
    return answer;
  }

  @Test
  void a_listed_name_with_usual_characters_is_written() throws IOException {
    answering(listing("bob/x/claude-opus-4.1@latest:free"));
    assertThat(connect("gemini", "--model", "claude-opus-4.1@latest:free")).startsWith("0 ");
    assertThat(Files.readString(home.resolve(".gemini").resolve("settings.json")))
        .contains("\"bob/x/claude-opus-4.1@latest:free\"");
  }

  @ParameterizedTest
  @CsvSource({
    "gemini, ${GITHUB_TOKEN}, gemini-3-pro",
    "gemini, $GITHUB_TOKEN, gemini-3-pro",
    "opencode, {file:~/.ssh/id_ed25519}, gpt-x",
    "opencode, {env:GITHUB_TOKEN}, gpt-x",
    "codex, `id`, gpt-x",
    "claude-code, %GITHUB_TOKEN%, gpt-x",
  })
  void a_listed_name_that_programs_would_expand_is_not_written(
      String program, String first, String model) {
    answering(listing(first + "/" + model));
    assertThat(connect(program, "--model", model))
        .startsWith("1 ")
        .contains("a model has a name that is not written into settings: " + first + "/" + model);
    assertThat(written()).isEmpty();
  }

  @Test
  void gemini_cli_has_its_settings_where_its_own_variable_says() throws IOException {
    answering(listing("gemini-x"));
    Path elsewhere = home.resolve("elsewhere");
    environment.put("GEMINI_CLI_HOME", elsewhere.toString());
    assertThat(connect("gemini", "--model", "gemini-x")).startsWith("0 ");
    assertThat(written()).containsExactly(elsewhere.resolve(".gemini").resolve("settings.json"));
  }

  /** The variables of an SDK's own provider, which the SDK would prefer to the printed ones. */
  @ParameterizedTest
  @CsvSource({
    "anthropic-sdk, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_API_KEY",
    "gemini-sdk, GEMINI_API_KEY, GOOGLE_API_KEY",
    "gemini-sdk, GEMINI_API_KEY, GOOGLE_GENAI_USE_VERTEXAI",
    "gemini-sdk, GEMINI_API_KEY, GOOGLE_GENAI_USE_ENTERPRISE",
    "vertex-sdk, GOOGLE_API_KEY, GOOGLE_CLOUD_PROJECT",
    "vertex-sdk, GOOGLE_API_KEY, GOOGLE_GENAI_USE_ENTERPRISE",
  })
  void a_shell_keeps_no_variable_that_an_sdk_prefers(String sdk, String token, String preferred)
      throws Exception {
    assertThat(inShell(sdk, Map.of(preferred, "mine")))
        .containsKey(token)
        .doesNotContainKey(preferred);
  }

  @ParameterizedTest
  @CsvSource({
    "PATH, us-east-1, us-east-1",
    "AWS_REGION, mine, mine",
    "AWS_DEFAULT_REGION, mine, mine",
  })
  void the_sdks_of_aws_find_a_region_in_a_shell(String set, String region, String usual)
      throws Exception {
    assertThat(inShell("bedrock-sdk", Map.of(set, set.equals("PATH") ? "/usr/bin:/bin" : "mine")))
        .containsEntry("AWS_REGION", region)
        .containsEntry("AWS_DEFAULT_REGION", usual);
  }

  /** A profile of AWS can also say that URLs are ignored, and the variable beats the profile. */
  @Test
  void the_sdks_of_aws_send_the_token_only_to_the_gateway() throws Exception {
    Map<String, String> variables =
        inShell("bedrock-sdk", Map.of("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"));
    assertThat(variables.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")).endsWith("/gateway/bedrock");
    assertThat(variables)
        .containsEntry(
            "AWS_ENDPOINT_URL_BEDROCK", variables.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"))
        .containsEntry("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
  }

  /** With {@code Client()}, Google's SDK for Python reads only the second variable. */
  @Test
  void googles_sdks_find_the_gateway_in_their_mode_for_vertex_ai() throws Exception {
    Map<String, String> variables = inShell("vertex-sdk", Map.of());
    assertThat(variables.get("GOOGLE_VERTEX_BASE_URL")).endsWith("/gateway/vertex");
    assertThat(variables)
        .containsEntry("GOOGLE_GEMINI_BASE_URL", variables.get("GOOGLE_VERTEX_BASE_URL"));
  }

  /** Returns the variables after a shell has run what the command printed for an SDK. */
  private Map<String, String> inShell(String sdk, Map<String, String> before) throws Exception {
    answering(listing("x"));
    String printed = connect(sdk);
    assertThat(printed).startsWith("0 ");
    ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", printed.substring(2) + "\nenv");
    shell.environment().keySet().removeIf(name -> name.matches("(?:AWS|GOOGLE|ANTHROPIC)_.*"));
    shell.environment().putAll(before);
    Process running = shell.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String variables = new String(running.getInputStream().readAllBytes(), UTF_8);
    assertThat(running.waitFor()).isZero();
    Map<String, String> after = new HashMap<>();
    variables
        .lines()
        .map(line -> line.split("=", 2))
        .filter(each -> each.length == 2)
        .forEach(each -> after.put(each[0], each[1]));
    return after;
  }

  @Test
  void settings_that_go_before_the_written_ones_are_named() throws IOException {
    answering(listing("claude-x"));
    Path settings = home.resolve(".claude").resolve("settings.json");
    Files.createDirectories(settings.getParent());
    Files.writeString(
        settings,
        """
        {"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "CLAUDE_CODE_USE_VERTEX": "0",
          "CLAUDE_CODE_USE_MANTLE": "1", "ANTHROPIC_API_KEY": "", "OTHER": "x"}}
        """);
    assertThat(connect("claude-code", "--model", "claude-x"))
        .startsWith("0 ")
        .contains(
            "env.CLAUDE_CODE_USE_BEDROCK in " + settings + " takes precedence over these settings")
        .contains(
            "env.CLAUDE_CODE_USE_MANTLE in " + settings + " takes precedence over these settings")
        .doesNotContain("OTHER", "CLAUDE_CODE_USE_VERTEX", "env.ANTHROPIC_API_KEY");
    assertThat(Files.readString(settings)).contains("CLAUDE_CODE_USE_BEDROCK", "apiKeyHelper");
    assertThat(connect("claude-code-bedrock", "--model", "claude-x"))
        .startsWith("0 ")
        .doesNotContain("goes before");
  }

  @Test
  void a_profile_of_codex_that_goes_before_the_written_settings_is_named() throws IOException {
    answering(listing("gpt-x"));
    Path settings = home.resolve(".codex").resolve("config.toml");
    Files.createDirectories(settings.getParent());
    Files.writeString(
        settings, "profile = \"work\"\n[profiles.work]\nmodel_provider = \"openai\"\n");
    assertThat(connect("codex", "--model", "gpt-x"))
        .startsWith("0 ")
        .contains("profile in " + settings + " takes precedence over these settings");
  }

  /** opencode shortens a conversation only if its settings state both numbers. */
  @Test
  void opencode_is_told_how_many_tokens_the_model_accepts() throws IOException {
    answering(listing("gpt-x").put("context_limit", 400_000).put("max_output_tokens", 128_000));
    Path settings = home.resolve(".config").resolve("opencode").resolve("opencode.json");

    assertThat(connect("opencode", "--model", "gpt-x"))
        .startsWith("0 ")
        .doesNotContain("does not know");
    assertThat(
            JsonTrees.read(Files.readAllBytes(settings))
                .at("/provider/claviger/models/gpt-x/limit"))
        .isEqualTo(JsonTrees.object().put("context", 400_000).put("output", 128_000));
    assertThat(connect("opencode", "--model", "gpt-x")).contains("has these settings already");
    assertThat(connect("opencode", "--undo")).startsWith("0 ").contains("is as before");
  }

  @Test
  void a_model_of_which_only_one_number_is_known_has_no_limit_for_opencode() throws IOException {
    answering(listing("gpt-x").put("context_limit", 400_000).putNull("max_output_tokens"));

    assertThat(connect("opencode", "--model", "gpt-x"))
        .startsWith("0 ")
        .contains("opencode will not shorten long conversations");
    assertThat(
            Files.readString(home.resolve(".config").resolve("opencode").resolve("opencode.json")))
        .doesNotContain("limit");
  }

  @Test
  void the_other_file_of_opencode_that_goes_before_the_written_one_is_named() throws IOException {
    answering(listing("gpt-x"));
    Path other = home.resolve(".config").resolve("opencode").resolve("opencode.jsonc");
    assertThat(connect("opencode", "--model", "gpt-x")).startsWith("0 ").doesNotContain("jsonc");
    Files.writeString(other, "{\"model\": \"openai/gpt-x\"} // mine");
    assertThat(connect("opencode", "--model", "gpt-x"))
        .startsWith("0 ")
        .contains("The settings in " + other + " take precedence over these.");
  }

  /** The link might lead to a collection of settings that is not mounted at the moment. */
  @Test
  void a_link_that_leads_to_no_file_is_not_replaced() throws IOException {
    answering(listing("claude-x"));
    Path settings = home.resolve(".claude").resolve("settings.json");
    Files.createDirectories(settings.getParent());
    Files.createSymbolicLink(settings, home.resolve("missing.json"));
    assertThat(connect("claude-code", "--model", "claude-x"))
        .startsWith("1 ")
        .contains(settings + " is a symbolic link that leads to no file, and is left alone");
    assertThat(settings).isSymbolicLink();
  }

  @Test
  void a_token_does_not_go_over_plain_http_to_a_gateway_that_the_server_names() {
    answering(JsonTrees.object().put("gateway", "http://gateway.example.com/gateway"));
    assertThat(connect("codex", "--model", "gpt-x"))
        .startsWith("1 ")
        .contains("others on the network could read the access token");
    assertThat(written()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://x.example/{file:~/.ssh/id_ed25519}",
        "https://x.example/${GITHUB_TOKEN}",
        "http://gateway.example.com/gateway/bob/x",
      })
  void the_url_of_one_service_is_checked_too(String address) {
    answering(
        JsonTrees.object()
            .put("gateway", server.url() + "/gateway")
            .put("ref", "bob/x")
            .put("gateway_url", address)
            .put("api_standard", "openai")
            .put("format", "openai"));
    assertThat(connect("opencode", "--service", "bob/x", "--model", "gpt-x"))
        .startsWith("1 ")
        .contains(address);
    assertThat(written()).isEmpty();
  }

  private Path settingsOfClaudeCode(String text) throws IOException {
    Path settings = home.resolve(".claude").resolve("settings.json");
    Files.createDirectories(settings.getParent());
    return Files.writeString(settings, text);
  }

  @Test
  void undoing_restores_what_an_earlier_run_changed_and_the_last_one_did_not() throws IOException {
    answering(
        listing("lab-x")
            .put("ref", "alice/s")
            .put("gateway_url", server.url() + "/gateway/services/alice/s")
            .put("api_standard", "anthropic")
            .put("format", "anthropic"));
    String former = "{\"env\": {\"ANTHROPIC_MODEL\": \"claude-opus-4\"}}";
    Path settings = settingsOfClaudeCode(former);

    assertThat(connect("claude-code", "--model", "lab-x")).startsWith("0 ");
    assertThat(connect("claude-code", "--service", "alice/s")).startsWith("0 ");
    assertThat(Files.readString(settings)).contains("services/alice/s", "lab-x");
    assertThat(connect("claude-code", "--undo")).startsWith("0 ").contains("is as before");
    assertThat(JsonTrees.read(Files.readAllBytes(settings)))
        .isEqualTo(JsonTrees.read(former.getBytes(UTF_8)));
    assertThat(connect("claude-code", "--undo")).startsWith("1 ").contains("nothing was written");
  }

  @Test
  void undoing_says_which_settings_are_as_before_if_another_was_changed_since() throws IOException {
    answering(listing("lab-x"));
    Path settings = settingsOfClaudeCode("{}");
    assertThat(connect("claude-code", "--model", "lab-x")).startsWith("0 ");
    Files.writeString(settings, Files.readString(settings).replace("\"lab-x\"", "\"other\""));

    assertThat(connect("claude-code", "--undo"))
        .contains("The other settings in " + settings + " are as before.", "left as they are")
        .doesNotContain(settings + " is as before");
    assertThat(Files.readString(settings)).contains("other").doesNotContain("apiKeyHelper");
  }

  /** All modes of Claude Code have the same file. */
  @ParameterizedTest
  @ValueSource(strings = {"claude-code", "claude-code-bedrock", "claude-code-vertex"})
  void undoing_one_mode_leaves_nothing_that_another_mode_wrote(String undone) throws IOException {
    answering(listing("lab-x"));
    String former = "{\"env\": {\"ANTHROPIC_MODEL\": \"claude-opus-4\", \"AWS_REGION\": \"eu\"}}";
    Path settings = settingsOfClaudeCode(former);
    assertThat(connect("claude-code", "--model", "lab-x")).startsWith("0 ");
    assertThat(connect("claude-code-bedrock", "--model", "lab-x")).startsWith("0 ");
    assertThat(connect("claude-code-vertex", "--model", "lab-x")).startsWith("0 ");

    assertThat(connect(undone, "--undo")).startsWith("0 ").contains("is as before");

    assertThat(JsonTrees.read(Files.readAllBytes(settings)))
        .isEqualTo(JsonTrees.read(former.getBytes(UTF_8)));
    for (String mode : List.of("claude-code", "claude-code-bedrock", "claude-code-vertex")) {
      assertThat(connect(mode, "--undo")).startsWith("1 ").contains("nothing was written");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-code", "claude-code-bedrock"})
  void journals_of_earlier_builds_for_the_same_file_are_undone_together(String first)
      throws IOException {
    Path settings = settingsOfClaudeCode("{\"env\": {\"ANTHROPIC_MODEL\": \"b\", \"A\": \"1\"}}");
    Path connected = Files.createDirectories(home.resolve(".config/claviger/connected"));
    String second = first.equals("claude-code") ? "claude-code-bedrock" : "claude-code";
    Files.writeString(
        connected.resolve(first + ".json"), journal(settings, "\"former\": \"mine\", ", "a"));
    Files.writeString(
        connected.resolve(second + ".json"), journal(settings, "\"former\": \"a\", ", "b"));

    assertThat(connect("claude-code", "--undo")).startsWith("0 ").contains("is as before");

    assertThat(JsonTrees.read(Files.readAllBytes(settings)).at("/env/ANTHROPIC_MODEL").asString())
        .isEqualTo("mine");
    assertThat(connected).isEmptyDirectory();
  }

  private static String journal(Path settings, String former, String written) {
    return """
        {"file": "%s", "created": false, "changes":
          [{"path": ["env", "ANTHROPIC_MODEL"], %s"written": "%s"}]}
        """
        .formatted(settings, former, written);
  }

  @Test
  void undoing_restores_the_settings_in_every_file_of_the_program() throws IOException {
    answering(listing("gpt-x"));
    Path first = Files.createDirectories(home.resolve("first")).resolve("config.toml");
    Path second = home.resolve("second").resolve("config.toml");
    Files.writeString(first, "model = \"mine\"\n");
    Path third = home.resolve("third").resolve("config.toml");
    for (Path file : List.of(first, second, first, third)) {
      environment.put("CODEX_HOME", file.getParent().toString());
      assertThat(connect("codex", "--model", "gpt-x")).startsWith("0 ");
    }

    Files.delete(third);
    Files.delete(third.getParent());

    assertThat(connect("codex", "--undo"))
        .startsWith("0 ")
        .contains(
            first + " is as before", second + " is as before", third + " does not exist any more");
    assertThat(Files.readString(first)).isEqualTo("model = \"mine\"\n");
    assertThat(second).doesNotExist();
    assertThat(third.getParent()).doesNotExist();
  }

  /** A file that is not there yet has no real path, but its directory has. */
  @Test
  void a_file_that_was_made_in_a_linked_directory_is_deleted_again() throws IOException {
    answering(listing("claude-x"));
    Path real = Files.createDirectories(home.resolve("elsewhere"));
    Files.createSymbolicLink(home.resolve(".claude"), real);
    assertThat(connect("claude-code")).startsWith("0 ");
    // As earlier builds wrote it, without resolved links.
    Path journal = home.resolve(".config/claviger/connected/claude-code.json");
    ObjectNode entry = (ObjectNode) JsonTrees.read(Files.readAllBytes(journal)).at("/files/0");
    entry.put("file", home.resolve(".claude").resolve("settings.json").toString());
    Files.write(journal, JsonTrees.bytes(entry));
    assertThat(connect("claude-code", "--model", "claude-x")).startsWith("0 ");
    assertThat(real.resolve("settings.json")).exists();
    assertThat(connect("claude-code", "--undo")).startsWith("0 ");
    assertThat(real.resolve("settings.json")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void no_setup_has_a_name_that_is_expanded(ConnectableClient client) {
    GatewayUrl gateway = new GatewayUrl("https://claviger.example.com/gateway");
    ClientSetups usual =
        new ClientSetups(context(), "here", gateway, Optional.empty(), Optional.of("gpt-5[1m]"));
    assertThat(usual.of(client, name -> Optional.empty()).notes()).isNotNull();
    for (String name : List.of("${X}/m", "{env:X}", "`x`", "a\nb", "\u001b", "", "a\"b", "a\\b")) {
      assertThatThrownBy(() -> usual.withModel(Optional.of(name)))
          .isInstanceOf(ClientFault.class)
          .hasMessageContaining("is not written into settings");
      assertThatThrownBy(() -> new ConnectedService(name, gateway)).isInstanceOf(ClientFault.class);
    }
  }
}
