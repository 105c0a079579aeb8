package io.claviger.client.instances;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "register",
    description = "Register a service of your own, with its key or another credential.")
public final class RegisterCommand extends ClientCommand {
  private static final int PRECONDITION_FAILED = 412;

  @Parameters(paramLabel = "NAME", description = "The handle of the new service.")
  private String name;

  @Option(
      names = "--from",
      completionCandidates = CompletedNames.Definitions.class,
      paramLabel = "DEFINITION",
      description =
          "The definition whose values the service gets, such as"
              + " _system/openai-large. `claviger definitions` lists"
              + " all definitions.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--provider",
      paramLabel = "PROVIDER",
      description =
          "The provider, if no definition is given. `claviger providers` lists all providers.")
  private Optional<String> provider = Optional.empty();

  @Option(
      names = "--setting",
      paramLabel = "NAME=VALUE",
      description =
          "A setting of the provider, such as region=eu-west-1. On a terminal, the command asks"
              + " for missing values.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The endpoint, in place of that of the definition or the provider.")
  private Optional<String> endpoint = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The model, in place of that of the definition.")
  private Optional<String> model = Optional.empty();

  @Option(names = "--no-key", description = "Store no key.")
  private boolean keyless;

  @Mixin private CredentialOptions credential = new CredentialOptions();
  @Mixin private KeyOptions key = new KeyOptions();
  @Mixin private DraftCheck check = new DraftCheck();
  @Mixin private OutputOptions output = new OutputOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public RegisterCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    credential.checkWay();
    if (from.isPresent() == provider.isPresent()) {
      throw wrongUsage(
          "give either --from DEFINITION, which `claviger definitions` lists, or --provider PROVIDER");
    }
    ObjectNode service = JsonTrees.object();
    from.ifPresent(definition -> service.put("definition", definition));
    provider.ifPresent(named -> service.put("provider", named));
    Optional<JsonNode> listed = provider.map(handle -> providerOf(session, handle));
    listed.ifPresent(this::askForSettings);
    if (!settings.isEmpty()) {
      ObjectNode given = service.putObject("settings");
      settings.forEach(given::put);
    }
    endpoint.ifPresent(text -> service.put("endpoint", text));
    model.ifPresent(text -> service.put("model", text));
    if (keyless && credential.isGiven()) {
      throw wrongUsage("--no-key can't be combined with --credential");
    }
    CredentialWay way = credential.way(context.terminal(), !keyless && !key.isGiven());
    if (!keyless) {
      addCredential(session, service, way, listed);
    }
    // A federated credential can't be checked yet: the provider's rules refer to the service's id,
    // which does not exist before the service is registered.
    Optional<JsonNode> checked =
        way.isFederated()
            ? Optional.empty()
            : unlessThere(session, () -> check.ofNew(session, name, service));
    JsonNode created =
        unlessThere(session, () -> session.api().create(session.servicePath(name), service));
    String ref = TerminalText.line(JsonTrees.text(created, "ref"));
    if (output.json()) {
      out().println(JsonTrees.pretty(created));
    } else if (output.quiet()) {
      out().println(ref);
    } else {
      out().printf("%s is registered. Its base URL is %s%n", ref, url(created));
      if (way.isFederated()) {
        out().println(CredentialCommands.enter(ref, way));
      }
      out()
          .println(
              checked
                  .filter(CheckWords::isOk)
                  .map(
                      check ->
                          "The provider answers and accepts the "
                              + (way.isMinted() ? "token." : "key."))
                  .orElse("Try it: claviger check " + ref));
    }
    return DONE;
  }

  /**
   * Adds the credential together with the endpoint to which it may be sent, so that the server
   * sends the credential nowhere else.
   */
  private void addCredential(
      ApiSession session, ObjectNode service, CredentialWay way, Optional<JsonNode> listed) {
    String destination = endpoint.orElseGet(() -> usualEndpoint(session, listed));
    KeyOptions.Use use =
        new KeyOptions.Use(
            context.terminal(),
            session.destinations(),
            session.ref(name),
            destination,
            endpoint.isPresent());
    ObjectNode whole = key.credential(credential, way, use);
    if (way.isUsual()) {
      // The short form of the field is used, because servers of earlier versions know it too.
      service.set("api_key", whole.get("api_key"));
    } else {
      service.set("credential", whole);
    }
    service.put("endpoint", destination);
  }

  private String usualEndpoint(ApiSession session, Optional<JsonNode> listed) {
    return from.map(definition -> endpointOf(session, definition))
        .orElseGet(() -> endpointOfProvider(listed.orElseThrow()));
  }

  private static JsonNode providerOf(ApiSession session, String handle) {
    return session
        .api()
        .find(Api.path("v1", "providers", handle))
        .orElseThrow(
            () ->
                ClientFault.of(
                    "there is no provider " + TerminalText.line(handle),
                    "To list all: claviger providers"));
  }

  /**
   * Asks the user for those of the provider's settings that the options lack. Asks for nothing if
   * the arguments contain an endpoint instead of settings.
   */
  private void askForSettings(JsonNode found) {
    if (endpoint.isPresent() && settings.isEmpty()) {
      return;
    }
    for (JsonNode setting : found.path("settings")) {
      String named = JsonTrees.text(setting, "name");
      if (!settings.containsKey(named)) {
        settings.put(named, asked(setting, named));
      }
    }
  }

  private String asked(JsonNode setting, String named) {
    String form =
        JsonTrees.optional(setting, "pattern")
            .map(pattern -> ", of the form " + TerminalText.line(pattern))
            .orElse("");
    return (context.terminal().isInput()
            ? context
                .terminal()
                .ask(
                    "The provider's setting %s (at most %s characters%s): "
                        .formatted(
                            TerminalText.line(named), setting.path("longest").asString(""), form))
            : Optional.<String>empty())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .orElseThrow(
            () ->
                wrongUsage(
                    "the provider needs its setting %s: --setting %s=…"
                        .formatted(TerminalText.line(named), TerminalText.line(named))));
  }

  /** Returns a provider's endpoint, with the names of settings replaced by their values. */
  private String endpointOfProvider(JsonNode found) {
    String text =
        JsonTrees.optional(found, "endpoint")
            .orElseThrow(() -> wrongUsage("--endpoint is missing: the provider has none"));
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      text = text.replace("{" + setting.getKey() + "}", setting.getValue());
    }
    return text;
  }

  private static String endpointOf(ApiSession session, String definition) {
    String[] parts = session.ref(definition).split("/", 2);
    return session
        .api()
        .find(Api.path("v1", "llm-definitions", parts[0], parts[1]))
        .map(found -> JsonTrees.text(found, "endpoint"))
        .orElseThrow(
            () ->
                ClientFault.of(
                    "there is no definition " + session.ref(definition),
                    "To list all: claviger definitions"));
  }

  private <T> T unlessThere(ApiSession session, Supplier<T> request) {
    try {
      return request.get();
    } catch (ApiRefusal e) {
      if (e.status() == PRECONDITION_FAILED) {
        throw ClientFault.of(
            "there is a service %s already, and it is left as it is".formatted(session.ref(name)),
            "To give it a new key: claviger replace-key " + session.ref(name));
      }
      throw e;
    }
  }

  private static String url(JsonNode service) {
    return TerminalText.line(JsonTrees.text(service, "gateway_url"));
  }
}
