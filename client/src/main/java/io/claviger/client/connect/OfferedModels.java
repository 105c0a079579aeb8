package io.claviger.client.connect;

import io.claviger.client.connect.ClientSetups.ConnectedService;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.http.GatewayUrl;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The models at the base URL that another program will call. The models are requested before
 * settings are written, so that only working settings are written.
 *
 * @param base the base URL that the other program will call
 * @param service the service of the base URL; empty if the name of the model decides which service
 *     is called
 */
record OfferedModels(
    ApiSession session,
    ConnectableClient client,
    GatewayUrl base,
    Optional<ConnectedService> service) {
  private static final int MOST_SHOWN = 10;

  /** The prefix of models' resource names. */
  private static final Pattern RESOURCE = Pattern.compile("^(?:publishers/[^/]+/)?models/");

  /**
   * Returns the model name to write: the wanted name, or another spelling of it that works.
   *
   * @throws ClientFault if settings with the wanted model name would not work
   */
  Optional<String> nameFor(Optional<String> wanted) {
    return service.isPresent() ? nameAt(service.get(), wanted) : nameByModels(wanted);
  }

  private Optional<String> nameByModels(Optional<String> wanted) {
    List<String> names = listed();
    if (names.isEmpty()) {
      throw ClientFault.of(
          "no model that speaks the API %s is lent to you".formatted(client.format()),
          "claviger services lists what you can use.");
    }
    if (wanted.isEmpty() || names.contains(wanted.get()) || leadsSomewhere(wanted.get())) {
      return wanted;
    }
    List<String> longer = names.stream().filter(name -> name.endsWith("/" + wanted.get())).toList();
    if (longer.size() == 1) {
      return Optional.of(longer.getFirst());
    }
    List<String> shown = longer.isEmpty() ? names : longer;
    throw ClientFault.of(
        "there is no model %s that you may call by this API"
            .formatted(TerminalText.line(wanted.get())),
        "Name one of these: "
            + TerminalText.line(
                String.join(", ", shown.subList(0, Math.min(MOST_SHOWN, shown.size())))));
  }

  private Optional<String> nameAt(ConnectedService at, Optional<String> wanted) {
    JsonNode found = session.api().get(session.servicePath(at.ref()));
    String standard = JsonTrees.text(found, "api_standard");
    String format =
        JsonTrees.text(session.api().get(Api.path("v1", "api-standards", standard)), "format");
    if (!format.equals(client.format())) {
      throw ClientFault.of(
          "%s speaks the API %s, but %s needs %s"
              .formatted(
                  TerminalText.line(at.ref()),
                  TerminalText.line(format),
                  client.handle(),
                  client.format()));
    }
    String prefix = at.ref() + "/";
    Optional<String> name =
        wanted.map(each -> each.startsWith(prefix) ? each.substring(prefix.length()) : each);
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("model", name);
    JsonNode explained =
        session.api().get(Api.query(session.servicePath(at.ref(), "key-resolution"), query));
    JsonTrees.optional(explained, "reason")
        .ifPresent(
            reason -> {
              throw ClientFault.of(
                  "calls of %s%s would be refused: %s"
                      .formatted(
                          TerminalText.line(at.ref()),
                          name.map(each -> " for " + TerminalText.line(each)).orElse(""),
                          TerminalText.line(reason.replace('_', ' '))),
                  "claviger why " + TerminalText.line(at.ref()) + " says more.");
            });
    return name;
  }

  private boolean leadsSomewhere(String name) {
    return JsonTrees.optional(resolution(name), "target").isPresent();
  }

  /**
   * Returns how many tokens a model accepts ({@code context}) and generates ({@code output}); empty
   * if the server does not know both.
   */
  Optional<ObjectNode> limitOf(String name) {
    JsonNode found = resolution(service.map(at -> at.ref() + "/" + name).orElse(name));
    int context = found.path("context_limit").asInt(0);
    int output = found.path("max_output_tokens").asInt(0);
    return context > 0 && output > 0
        ? Optional.of(JsonTrees.object().put("context", context).put("output", output))
        : Optional.empty();
  }

  private JsonNode resolution(String name) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("format", Optional.of(client.format()));
    query.put("name", Optional.of(name));
    return session.api().get(Api.query("/v1/model-resolution", query));
  }

  /**
   * Requests the names of the models from the gateway, in the same way as the program will request
   * them with the new settings.
   */
  private List<String> listed() {
    Api.Fixed token = new Api.Fixed(Optional.of(session.signIn().accessToken()));
    try (Api gateway = new Api(base.uri(), token)) {
      JsonNode answer = gateway.get(client.listPath());
      List<String> names = new ArrayList<>();
      for (String list : List.of("data", "models", "modelSummaries", "publisherModels")) {
        for (JsonNode model : answer.path(list)) {
          String name =
              model
                  .path("id")
                  .asString(model.path("name").asString(model.path("modelId").asString("")));
          names.add(RESOURCE.matcher(name).replaceFirst(""));
        }
      }
      return names;
    } catch (ApiRefusal e) {
      throw ClientFault.of(
          "the gateway does not answer as it has to at %s".formatted(base),
          "The gateway answered GET models with status %d.".formatted(e.status()));
    }
  }
}
