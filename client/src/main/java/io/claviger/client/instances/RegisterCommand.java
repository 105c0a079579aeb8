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
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "register", description = "Register a service of your own, with its key.")
public final class RegisterCommand extends ClientCommand {
  private static final int PRECONDITION_FAILED = 412;

  @Parameters(paramLabel = "NAME", description = "The handle of the new service.")
  private String name;

  @Option(
      names = "--from",
      completionCandidates = CompletedNames.Definitions.class,
      required = true,
      paramLabel = "DEFINITION",
      description = "The definition to begin with, such as _system/openai-large.")
  private String definition;

  @Option(names = "--endpoint", paramLabel = "URL", description = "Another endpoint.")
  private Optional<String> endpoint = Optional.empty();

  @Option(names = "--model", paramLabel = "MODEL", description = "Another model.")
  private Optional<String> model = Optional.empty();

  @Option(names = "--no-key", description = "Store no key.")
  private boolean keyless;

  @Mixin private KeyOptions key = new KeyOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public RegisterCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    ObjectNode service = JsonTrees.object().put("definition", definition);
    endpoint.ifPresent(text -> service.put("endpoint", text));
    model.ifPresent(text -> service.put("model", text));
    if (!keyless) {
      addKey(session, service);
    }
    JsonNode created = created(session, service);
    String ref = TerminalText.line(JsonTrees.text(created, "ref"));
    if (output.json()) {
      out().println(JsonTrees.pretty(created));
    } else if (output.quiet()) {
      out().println(ref);
    } else {
      out().printf("%s is registered. Its base URL is %s%n", ref, url(created));
      out().printf("Try it: claviger check %s%n", ref);
    }
    return DONE;
  }

  /** Adds the key with the endpoint for which it is meant, so that it is sent nowhere else. */
  private void addKey(ApiSession session, ObjectNode service) {
    String destination = endpoint.orElseGet(() -> endpointOfDefinition(session));
    service.put(
        "api_key",
        key.key(
            context.terminal(),
            session.destinations(),
            session.ref(name),
            destination,
            endpoint.isPresent()));
    service.put("endpoint", destination);
  }

  private String endpointOfDefinition(ApiSession session) {
    String[] parts = session.ref(definition).split("/", 2);
    return JsonTrees.text(
        session.api().get(Api.path("v1", "llm-definitions", parts[0], parts[1])), "endpoint");
  }

  private JsonNode created(ApiSession session, ObjectNode service) {
    try {
      return session.api().create(session.servicePath(name), service);
    } catch (ApiRefusal e) {
      if (e.status() == PRECONDITION_FAILED) {
        throw ClientFault.of(
            "there is a service %s already, and it is left as it is".formatted(session.ref(name)),
            "A new key for it: claviger replace-key " + session.ref(name));
      }
      throw e;
    }
  }

  private static String url(JsonNode service) {
    return TerminalText.line(JsonTrees.text(service, "gateway_url"));
  }
}
