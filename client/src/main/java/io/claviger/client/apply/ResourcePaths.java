package io.claviger.client.apply;

import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

final class ResourcePaths {
  private ResourcePaths() {}

  /**
   * Returns the path of a resource.
   *
   * @param current the resource as it was read; empty if the resource is new
   */
  static String of(ResourceKey key, Optional<ObjectNode> current) {
    return switch (key.kind()) {
      case PROVIDER -> Api.path("v1", "providers", key.name());
      case DEFINITION -> owned("llm-definitions", key.name());
      case SERVICE -> owned("llm-services", key.name());
      case PROJECT -> owned("projects", key.name());
      case GROUP -> Api.path("v1", "groups", key.name());
      case USER_LIMITS -> Api.path("v1", "users", key.name(), "limits");
      case GROUP_LIMITS -> Api.path("v1", "groups", key.name(), "limits");
      case GROUP_POOLED_LIMITS -> Api.path("v1", "groups", key.name(), "pooled-limits");
      case GROUP_MEMBER, SERVICE_SHARE, PROJECT_SHARE -> list(key) + Api.path(key.name());
      case SHARED_OBJECT -> list(key) + Api.path(key.name().split("/", 2));
      case MODEL ->
          Api.path("v1", "model-configs")
              + current.map(model -> Api.path(JsonTrees.text(model, "id"))).orElse("");
      case PRICE -> {
        String[] parts = key.name().split(" ", 3);
        yield Api.query(Api.path("v1", "prices", parts[0]), Map.of("model", Optional.of(parts[2])));
      }
    };
  }

  /**
   * Returns the path of the list that contains the given resource. The given resource must be a
   * part of another resource.
   */
  static String list(ResourceKey part) {
    return of(part.parent(), Optional.empty()) + Api.path(part.kind().section().replace('_', '-'));
  }

  private static String owned(String collection, String ref) {
    String[] parts = ref.split("/", 2);
    if (parts.length != 2) {
      throw JsonTrees.lacks("ref");
    }
    return Api.path("v1", collection, parts[0], parts[1]);
  }
}
