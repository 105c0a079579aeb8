package io.claviger.client.apply;

import io.claviger.client.apply.RequestSender.ApiRequest;
import io.claviger.client.json.JsonTrees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the endpoints to which keys of new services would be sent, if the file does not name them.
 */
final class EndpointReader {
  private final RequestSender requests;
  private final DesiredState desired;
  private final Map<ResourceKey, ObjectNode> resources;

  /**
   * @param resources the resources that exist already
   */
  EndpointReader(
      RequestSender requests, DesiredState desired, Map<ResourceKey, ObjectNode> resources) {
    this.requests = requests;
    this.desired = desired;
    this.resources = resources;
  }

  /** The endpoints of definitions from which services with keys are to be made. */
  Map<String, String> ofDefinitions() {
    List<String> refs =
        desired.resources().values().stream()
            .filter(entry -> entry.key().kind() == ResourceKind.SERVICE)
            .filter(entry -> !entry.secrets().equals(DesiredState.ServiceSecrets.NONE))
            .filter(entry -> !entry.fields().has("endpoint") && !resources.containsKey(entry.key()))
            .flatMap(entry -> JsonTrees.optional(entry.fields(), "definition").stream())
            .distinct()
            .toList();
    Map<String, String> endpoints = new HashMap<>();
    List<Optional<JsonNode>> found =
        requests.sendAll(
            refs.stream()
                .<ApiRequest<Optional<JsonNode>>>map(
                    ref ->
                        api ->
                            api.find(
                                ResourcePaths.of(
                                    ResourceKey.of(ResourceKind.DEFINITION, ref),
                                    Optional.empty())))
                .toList());
    for (Optional<JsonNode> definition : found) {
      definition.ifPresent(
          each -> endpoints.put(JsonTrees.text(each, "ref"), JsonTrees.text(each, "endpoint")));
    }
    return Map.copyOf(endpoints);
  }

  Map<String, String> ofProviders() {
    boolean needed =
        desired.resources().values().stream()
            .anyMatch(
                entry ->
                    !entry.secrets().equals(DesiredState.ServiceSecrets.NONE)
                        && !entry.fields().has("endpoint"));
    Map<String, String> endpoints = new HashMap<>();
    if (needed) {
      requests
          .send(api -> api.get("/v1/providers?limit=200"))
          .path("items")
          .forEach(
              provider ->
                  JsonTrees.optional(provider, "endpoint")
                      // One with places for settings leads nowhere yet.
                      .filter(url -> url.indexOf('{') < 0)
                      .ifPresent(url -> endpoints.put(JsonTrees.text(provider, "name"), url)));
    }
    return Map.copyOf(endpoints);
  }
}
