package io.claviger.client.connect;

import io.claviger.client.connect.ClientSetups.ClientSetup.Setting;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.GatewayUrl;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.ProgramInvocation;
import io.claviger.client.text.TerminalText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The settings that other programs need. None of these settings is a secret. The other programs
 * either ask this program for an access token or are started by this program.
 *
 * @param server the server's name in the user's settings
 * @param gateway the gateway of the server
 * @param service the called service, with its base URL; empty if the name of the model decides
 *     which service is called
 */
record ClientSetups(
    ProgramContext context,
    String server,
    GatewayUrl gateway,
    Optional<ConnectedService> service,
    Optional<String> model) {
  private static final int PATIENCE_MS = 60_000;
  private static final int REFRESH_MS = 900_000;

  /** The variables that override Claude Code's settings for Vertex AI and for Anthropic's API. */
  private static final List<String> OVERRIDING =
      List.of(
          "ANTHROPIC_API_KEY",
          "ANTHROPIC_AUTH_TOKEN",
          "CLAUDE_CODE_USE_ANTHROPIC_AWS",
          "CLAUDE_CODE_USE_BEDROCK",
          "CLAUDE_CODE_USE_FOUNDRY",
          "CLAUDE_CODE_USE_GATEWAY",
          "CLAUDE_CODE_USE_MANTLE");

  private static final List<String> NO_OTHER_TOKEN =
      List.of(
          "ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN must not be set: Claude Code would use"
              + " them instead.");

  /**
   * The allowed characters in the names of models and services in settings. Gemini CLI and opencode
   * interpret dollar signs and braces in their settings as references to variables or files. The
   * check is needed because a hostile lender might have chosen a model's name. In the console,
   * {@code ClientExample} has the same rule.
   */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@+~#,=()\\[\\] -]+");

  ClientSetups {
    model.ifPresent(name -> assertName("model", name));
  }

  record ConnectedService(String ref, GatewayUrl url) {
    ConnectedService {
      assertName("service", ref);
    }
  }

  private static void assertName(String kind, String name) {
    if (!NAME.matcher(name).matches()) {
      throw ClientFault.of(
          "a %s has a name that is not written into settings: %s"
              .formatted(kind, TerminalText.line(name)),
          "Names in settings may have a-z, A-Z, 0-9, blanks and . _ - / : @ + ~ # , = ( ) [ ]."
              + " Other characters could make a program insert the value of a variable or the content of a file.");
    }
  }

  /** Returns the base URL that the program with these settings will call. */
  GatewayUrl base(ConnectableClient client) {
    return url(client.format().equals("openai") ? "openai/v1" : client.format());
  }

  ClientSetups withModel(Optional<String> name) {
    return new ClientSetups(context, server, gateway, service, name);
  }

  /**
   * @param limits the function that looks up how many tokens the model with a name accepts and
   *     generates. The function is called only for programs whose settings state these numbers
   */
  ClientSetup of(ConnectableClient client, Function<String, Optional<ObjectNode>> limits) {
    return switch (client) {
      case CLAUDE_CODE -> claudeCode();
      case CLAUDE_CODE_BEDROCK -> claudeCodeOfBedrock();
      case CLAUDE_CODE_VERTEX -> claudeCodeOfVertex();
      case CODEX -> codex();
      case GEMINI -> gemini();
      case OPENCODE -> opencode(limits);
      case OPENAI_SDK -> sdk("OPENAI_BASE_URL", "OPENAI_API_KEY", "openai/v1");
      // With one of the removed variables, the SDK would send the person's own key of the provider
      // to the gateway, or call another API.
      case ANTHROPIC_SDK ->
          sdk("ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "anthropic", "unset ANTHROPIC_API_KEY");
      case GEMINI_SDK ->
          sdk(
              "GOOGLE_GEMINI_BASE_URL",
              "GEMINI_API_KEY",
              "gemini",
              "unset GOOGLE_API_KEY GOOGLE_GENAI_USE_VERTEXAI GOOGLE_GENAI_USE_ENTERPRISE");
      case COHERE_SDK ->
          sdk(
              "CO_API_URL",
              "CO_API_KEY",
              "cohere",
              "# Only Cohere's SDK for Python reads CO_API_URL. Give this URL to the other SDKs in"
                  + " the program.");
      case BEDROCK_SDK ->
          sdk(
              "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
              "AWS_BEARER_TOKEN_BEDROCK",
              "bedrock",
              "export AWS_REGION=\"${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}\"",
              "export AWS_DEFAULT_REGION=\"${AWS_DEFAULT_REGION:-$AWS_REGION}\"",
              // AWS's SDKs present the token to the service "bedrock" too.
              "export AWS_ENDPOINT_URL_BEDROCK=\"$AWS_ENDPOINT_URL_BEDROCK_RUNTIME\"",
              // A profile of AWS can say true, unless this variable is set.
              "export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false");
      case VERTEX_SDK ->
          sdk(
              "GOOGLE_VERTEX_BASE_URL",
              "GOOGLE_API_KEY",
              "vertex",
              "export GOOGLE_GENAI_USE_VERTEXAI=true",
              // Google's SDK for Python reads this variable, unless the program demands Vertex AI.
              "export GOOGLE_GEMINI_BASE_URL=\"$GOOGLE_VERTEX_BASE_URL\"",
              "unset GOOGLE_CLOUD_PROJECT GOOGLE_CLOUD_LOCATION GOOGLE_GENAI_USE_ENTERPRISE");
    };
  }

  private ClientSetup claudeCode() {
    List<Setting> settings = new ArrayList<>();
    settings.add(set(shell(token()), "apiKeyHelper"));
    settings.add(set(url("anthropic").text(), "env", "ANTHROPIC_BASE_URL"));
    model.ifPresent(name -> settings.add(set(name, "env", "ANTHROPIC_MODEL")));
    return new ClientSetup(Optional.of(settingsOfClaudeCode()), settings, NO_OTHER_TOKEN)
        .unlessEnv(OVERRIDING)
        .unlessEnv(List.of("CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD", "CLAUDE_CODE_USE_VERTEX"));
  }

  private Path settingsOfClaudeCode() {
    return context
        .variable("CLAUDE_CONFIG_DIR")
        .map(Path::of)
        .orElseGet(() -> inHome(".claude"))
        .resolve("settings.json");
  }

  private ClientSetup claudeCodeOfBedrock() {
    List<Setting> settings = new ArrayList<>();
    settings.add(set("1", "env", "CLAUDE_CODE_USE_BEDROCK"));
    settings.add(set(url("bedrock").text(), "env", "ANTHROPIC_BEDROCK_BASE_URL"));
    settings.add(set("us-east-1", "env", "AWS_REGION"));
    model.ifPresent(name -> settings.add(set(name, "env", "ANTHROPIC_MODEL")));
    return new ClientSetup(
            Optional.of(settingsOfClaudeCode()),
            settings,
            List.of(
                "For Bedrock, Claude Code takes an access token only from its environment. Start "
                    + "it by",
                run("bedrock", "claude")))
        .unlessEnv(List.of("AWS_BEARER_TOKEN_BEDROCK"));
  }

  private ClientSetup claudeCodeOfVertex() {
    List<Setting> settings = new ArrayList<>();
    settings.add(set(shell(token()), "apiKeyHelper"));
    settings.add(set("1", "env", "CLAUDE_CODE_USE_VERTEX"));
    settings.add(set("1", "env", "CLAUDE_CODE_SKIP_VERTEX_AUTH"));
    settings.add(set(url("vertex").under("v1").text(), "env", "ANTHROPIC_VERTEX_BASE_URL"));
    settings.add(set("any", "env", "ANTHROPIC_VERTEX_PROJECT_ID"));
    settings.add(set("global", "env", "CLOUD_ML_REGION"));
    model.ifPresent(name -> settings.add(set(name, "env", "ANTHROPIC_MODEL")));
    return new ClientSetup(Optional.of(settingsOfClaudeCode()), settings, NO_OTHER_TOKEN)
        .unlessEnv(OVERRIDING);
  }

  private ClientSetup codex() {
    ObjectNode provider =
        JsonTrees.object()
            .put("name", "Claviger")
            .put("base_url", url("openai/v1").text())
            .put("wire_api", "responses")
            .put("supports_websockets", true);
    List<String> token = token();
    ObjectNode auth = provider.putObject("auth").put("command", token.get(0));
    token.subList(1, token.size()).forEach(auth.putArray("args")::add);
    auth.put("timeout_ms", PATIENCE_MS).put("refresh_interval_ms", REFRESH_MS);
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting(List.of("model_providers", "claviger"), provider));
    settings.add(set("claviger", "model_provider"));
    model.ifPresent(name -> settings.add(set(name, "model")));
    Path directory = context.variable("CODEX_HOME").map(Path::of).orElseGet(() -> inHome(".codex"));
    // The settings of a profile take precedence over those at the top of the file.
    return new ClientSetup(
        Optional.of(directory.resolve("config.toml")),
        settings,
        List.of(),
        List.of(List.of("profile")));
  }

  private ClientSetup gemini() {
    List<Setting> settings = new ArrayList<>();
    settings.add(set("gemini-api-key", "security", "auth", "selectedType"));
    model.ifPresent(name -> settings.add(set(name, "model", "name")));
    Path home = context.variable("GEMINI_CLI_HOME").map(Path::of).orElseGet(context::home);
    return new ClientSetup(
        Optional.of(home.resolve(".gemini").resolve("settings.json")),
        settings,
        List.of(
            "Gemini CLI takes an access token only from its environment. Start it by",
            run("gemini", "gemini")));
  }

  private ClientSetup opencode(Function<String, Optional<ObjectNode>> limits) {
    String name = model.orElseThrow(() -> ClientFault.of("opencode needs a model: --model NAME"));
    ObjectNode provider =
        JsonTrees.object().put("npm", "@ai-sdk/openai-compatible").put("name", "Claviger");
    provider
        .putObject("options")
        .put("baseURL", url("openai/v1").text())
        .put("apiKey", "{env:OPENAI_API_KEY}");
    ObjectNode settings = provider.putObject("models").putObject(name);
    Optional<ObjectNode> limit = limits.apply(name);
    limit.ifPresent(known -> settings.set("limit", known));
    Path directory =
        context.variable("XDG_CONFIG_HOME").map(Path::of).orElseGet(() -> inHome(".config"));
    Path file = directory.resolve("opencode").resolve("opencode.json");
    Path other = file.resolveSibling("opencode.jsonc");
    List<String> notes = new ArrayList<>();
    if (Files.exists(other)) {
      notes.add("The settings in %s take precedence over these.".formatted(other));
    }
    if (limit.isEmpty()) {
      notes.add(
          "The server does not know how many tokens this model accepts, so opencode will not"
              + " shorten long conversations.");
    }
    notes.add("opencode takes an access token from its environment. Start it by");
    notes.add(run("openai", "opencode"));
    return new ClientSetup(
        Optional.of(file),
        List.of(
            new Setting(List.of("provider", "claviger"), provider),
            set("claviger/" + name, "model")),
        notes);
  }

  private ClientSetup sdk(String url, String token, String path, String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("export %s=%s".formatted(url, ProgramInvocation.quoted(url(path).text())));
    lines.add("export %s=\"$(%s)\"".formatted(token, shell(token())));
    lines.addAll(List.of(more));
    return new ClientSetup(Optional.empty(), List.of(), lines);
  }

  private String run(String format, String program) {
    List<String> words =
        new ArrayList<>(List.of(ProgramInvocation.path(), "run", "--server", server));
    service.ifPresentOrElse(
        target -> words.addAll(List.of("--service", target.ref())),
        () -> words.addAll(List.of("--format", format)));
    model.ifPresent(name -> words.addAll(List.of("--model", name)));
    return shell(words) + " -- " + program;
  }

  private List<String> token() {
    List<String> words =
        new ArrayList<>(List.of(ProgramInvocation.path(), "token", "--server", server));
    service.ifPresent(target -> words.addAll(List.of("--service", target.ref())));
    return words;
  }

  private static String shell(List<String> words) {
    return words.stream().map(ProgramInvocation::quoted).collect(Collectors.joining(" "));
  }

  private GatewayUrl url(String path) {
    return service.map(ConnectedService::url).orElseGet(() -> gateway.under(path));
  }

  private Path inHome(String directory) {
    return context.home().resolve(directory);
  }

  private static Setting set(String value, String... path) {
    JsonNode text = StringNode.valueOf(value);
    return new Setting(List.of(path), text);
  }

  /**
   * The settings for another program.
   *
   * @param file the file for the settings; empty if the program has no settings
   * @param settings the settings to write; empty if the program has no settings
   * @param notes further information for the user, with one line for each item
   * @param overriding other settings in the file that take precedence over these settings. If the
   *     file keeps them, the program calls another provider, or sends another provider's token
   */
  record ClientSetup(
      Optional<Path> file,
      List<Setting> settings,
      List<String> notes,
      List<List<String>> overriding) {
    ClientSetup(Optional<Path> file, List<Setting> settings, List<String> notes) {
      this(file, settings, notes, List.of());
    }

    record Setting(List<String> path, JsonNode value) {}

    /**
     * Returns a copy in which the given variables also count as settings that override those of
     * Claude Code.
     */
    ClientSetup unlessEnv(List<String> variables) {
      return new ClientSetup(
          file,
          settings,
          notes,
          Stream.concat(
                  overriding.stream(), variables.stream().map(variable -> List.of("env", variable)))
              .toList());
    }
  }
}
