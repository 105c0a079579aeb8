package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server that stores everything that steps send, and refuses nothing. If a kind of resource is
 * not merged, a change replaces the whole resource.
 */
final class ServerInMemory {
  private final Map<ResourceKey, ObjectNode> resources = new HashMap<>();
  private boolean administrator;

  ActualState state() {
    return new ActualState(Map.copyOf(resources), Map.of(), Map.of(), administrator);
  }

  void makeAdministrator() {
    administrator = true;
  }

  ObjectNode shown(ResourceKey key) {
    return resources.get(key);
  }

  void put(ResourceKey key, Map<String, String> fields) {
    ObjectNode resource = JsonTrees.object();
    fields.forEach(resource::put);
    resources.put(key, resource);
  }

  List<ResourceKey> namesAppliedBy(String name) {
    return resources.entrySet().stream()
        .filter(resource -> resource.getValue().path("applied_by").asString("").equals(name))
        .map(Map.Entry::getKey)
        .toList();
  }

  void run(PlanStep step) {
    ResourceKey key = step.key();
    switch (step.action()) {
      case DELETE -> {
        resources.remove(key);
        resources.keySet().removeIf(part -> !part.of().isEmpty() && part.parent().equals(key));
        if (key.kind() == ResourceKind.GROUP) {
          resources.remove(ResourceKey.of(ResourceKind.GROUP_LIMITS, key.name()));
          resources.remove(ResourceKey.of(ResourceKind.GROUP_POOLED_LIMITS, key.name()));
        }
      }
      case CREATE -> {
        if (resources.containsKey(key)) {
          throw new IllegalStateException(key + " is there");
        }
        resources.put(key, merged(JsonTrees.object(), step));
      }
      case CHANGE ->
          resources.put(
              key,
              merged(
                  key.kind().isMerged() ? resources.get(key).deepCopy() : JsonTrees.object(),
                  step));
    }
  }

  /** A write replaces the whole credential, and an API key ends one of another kind. */
  private static ObjectNode merged(ObjectNode resource, PlanStep step) {
    boolean key =
        step.secrets()
            .flatMap(PlanStep.SecretDelivery::key)
            .filter(sent -> !sent.inCredential())
            .isPresent();
    if (key || step.body().has("credential")) {
      resource.remove("credential");
    }
    merge(resource, step.body());
    step.secrets()
        .ifPresent(
            delivery ->
                resource.put("has_api_key", delivery.key().isPresent() || isKeyed(resource)));
    return resource;
  }

  private static boolean isKeyed(ObjectNode resource) {
    return resource.path("has_api_key").asBoolean(false);
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    from.properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode inner
                  && into.path(field.getKey()) instanceof ObjectNode old) {
                merge(old, inner);
              } else {
                into.set(field.getKey(), field.getValue().deepCopy());
              }
            });
  }
}
