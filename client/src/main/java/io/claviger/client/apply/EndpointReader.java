package io.claviger.client.apply;

import io.claviger.client.apply.Requests.Request;
import io.claviger.client.json.JsonTrees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads where keys of new services would be sent, as far as the file does not say it. */
final class EndpointReader {
  private final Requests requests;
  private final WishedState wished;
  private final Map<Key, ObjectNode> things;

  /**
   * @param things what there is already
   */
  EndpointReader(Requests requests, WishedState wished, Map<Key, ObjectNode> things) {
    this.requests = requests;
    this.wished = wished;
    this.things = things;
  }

  /** The endpoints of definitions from which services with keys are to be made. */
  Map<String, String> ofDefinitions() {
    List<String> refs =
        wished.entries().values().stream()
            .filter(entry -> entry.key().kind() == Kind.SERVICE)
            .filter(entry -> !entry.secrets().equals(WishedState.Secrets.NONE))
            .filter(entry -> !entry.fields().has("endpoint") && !things.containsKey(entry.key()))
            .flatMap(entry -> JsonTrees.optional(entry.fields(), "definition").stream())
            .distinct()
            .toList();
    Map<String, String> endpoints = new HashMap<>();
    List<Optional<JsonNode>> found =
        requests.all(
            refs.stream()
                .<Request<Optional<JsonNode>>>map(
                    ref ->
                        api ->
                            api.find(Addresses.of(Key.of(Kind.DEFINITION, ref), Optional.empty())))
                .toList());
    for (Optional<JsonNode> definition : found) {
      definition.ifPresent(
          each -> endpoints.put(JsonTrees.text(each, "ref"), JsonTrees.text(each, "endpoint")));
    }
    return Map.copyOf(endpoints);
  }

  /** The default endpoints of providers. */
  Map<String, String> ofProviders() {
    boolean needed =
        wished.entries().values().stream()
            .anyMatch(
                entry ->
                    !entry.secrets().equals(WishedState.Secrets.NONE)
                        && !entry.fields().has("endpoint"));
    Map<String, String> endpoints = new HashMap<>();
    if (needed) {
      requests
          .send(api -> api.get("/v1/providers?limit=200"))
          .path("items")
          .forEach(
              provider ->
                  JsonTrees.optional(provider, "endpoint")
                      .ifPresent(url -> endpoints.put(JsonTrees.text(provider, "name"), url)));
    }
    return Map.copyOf(endpoints);
  }
}
